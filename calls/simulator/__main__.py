"""`make call`: places a simulated call to the server at PUBLIC_URL and prints it as it happens."""

import argparse
import asyncio
import sys
import textwrap

from calls.simulator.console import COLUMNS, Console
from calls.simulator.conversation import Conversation, ConversationError
from calls.simulator.options import DEFAULT_CLIPS, Options, OptionsError, read_options
from calls.simulator.server import ServerError, running_server
from calls.simulator.service import PortTakenError, Twilio


def main() -> int:
    """Run the command; returns its exit code: 0 where the call went as planned."""
    parser = argparse.ArgumentParser(prog="python -m calls.simulator", description=__doc__)
    parser.add_argument(
        "--say",
        metavar="CLIP,…",
        help="WAV files, or names of clips in calls/simulator/clips, that the caller speaks in "
        f"turn (also from the environment as SAY; default: {','.join(DEFAULT_CLIPS)})",
    )
    arguments = parser.parse_args()
    try:
        asyncio.run(_call(read_options(arguments.say)))
    except (OptionsError, ServerError, PortTakenError, ConversationError) as error:
        for line in str(error).splitlines():
            print(textwrap.fill(line, COLUMNS, break_long_words=False), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nHung up.", file=sys.stderr)
        return 130
    return 0


async def _call(options: Options) -> None:
    console = Console(sys.stdout)
    async with (
        Twilio(options.account, api_port=options.api_port) as twilio,
        running_server(options, console.remark),
    ):
        await Conversation(twilio, options, console).run()


if __name__ == "__main__":
    sys.exit(main())
