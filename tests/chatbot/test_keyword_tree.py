"""The keywords of a bot as a tree, word by word."""

from chatbot.keyword_tree import MAX_INTENTS, KeywordTree, Node
from chatbot.script import ScriptIntent
from tests.chatbot.bots import make_intent


def end_of(keyword: str, *intents: ScriptIntent) -> Node:
    """Return the node at which a keyword of words ends in the tree of some intents."""
    node = KeywordTree(intents).root
    for word in keyword.split():
        node = node.words[word]
    return node


def test_node_knows_the_way_to_its_farthest_keyword() -> None:
    """Searches can stop where no keyword is within reach."""
    intent = make_intent(1, "call", "call me", "call me {name} please")
    root = KeywordTree([intent]).root
    assert (root.height, root.has_blanks_below, root.is_end) == (4, True, False)
    end = end_of("call me", intent)
    assert (end.height, end.has_blanks_below, end.is_end) == (2, True, True)


def test_node_keeps_as_many_intents_as_a_matching_names() -> None:
    """Of a keyword that many intents share, the first few are kept, each once."""
    intents = [make_intent(id, "tea", "Tea!") for id in range(10)]
    ids = [keyword.intent.id for keyword in end_of("tea", *intents).keywords(None)]
    assert ids == list(range(MAX_INTENTS))


def test_node_gives_the_follow_ups_of_an_intent_first() -> None:
    """A follow-up of several intents ends at the same node for each of them."""
    intents = make_intent(1, "good"), make_intent(2, "good", follows=(7, 8))
    end = end_of("good", *intents)
    by_intent = {
        after: [keyword.intent.id for keyword in end.keywords(after)] for after in [None, 7, 8, 9]
    }
    assert by_intent == {None: [1], 7: [2, 1], 8: [2, 1], 9: [1]}


def test_node_knows_after_which_intents_it_goes_on() -> None:
    """A longer keyword leads through a node only where callers can mean it."""
    intents = make_intent(1, "tea", "tea time"), make_intent(2, "tea for two", follows=(7, 8))
    followed = [
        end_of(keyword, *intents).goes_on(after)
        for keyword in ["tea", "tea for", "tea for two"]
        for after in [None, 7, 8, 9]
    ]
    assert followed == [True] * 4 + [False, True, True, False] + [False] * 4


def test_tree_finds_the_longer_words() -> None:
    """A word that is still being heard may become any of them."""
    tree = KeywordTree([make_intent(1, "good goods", "goodbye", "go", "great", "God")])
    assert list(tree.longer_words("good")) == ["goodbye", "goods"]
    assert list(tree.longer_words("great")) == []


def test_tree_shares_blanks_of_one_kind() -> None:
    """Keywords that name their blanks otherwise are sought as one."""
    root = KeywordTree([make_intent(1, "{a:date}", "{b:date} please", "{c:time}")]).root
    assert sorted(root.blanks) == ["date", "time"]


def test_tree_knows_neighbours_by_the_joined_word() -> None:
    """Two words of a keyword are found where callers are heard to say one."""
    tree = KeywordTree([make_intent(1, "good bye", "good bye then", "say {name} not now")])
    assert tree.neighbours == {"goodbye": [("good", "bye")], "byethen": [("bye", "then")]}


def test_tree_leaves_out_what_cannot_be_said() -> None:
    """A keyword without a word, or that cannot be read, is nowhere in the tree."""
    tree = KeywordTree([make_intent(1, "?!", "tea {", "tea {x:unknown}")])
    assert tree.vocabulary == {}
    assert not tree.root.height
