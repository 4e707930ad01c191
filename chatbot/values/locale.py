"""What CLDR, by Babel, knows of a language."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global


@lru_cache(maxsize=256)
def locale_of(language: str) -> Locale | None:
    """Return the locale of a BCP-47 tag, without its region where that is unknown, or None."""
    for tag in (language, language.partition("-")[0]):
        try:
            locale = Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
        return locale
    return None


@lru_cache(maxsize=256)
def region_of(language: str) -> str | None:
    """Return the country of a BCP-47 tag: its own, or the one where most speak the language."""
    locale = locale_of(language)
    if locale is None:
        return None
    if locale.territory:
        return locale.territory
    likely: str = get_global("likely_subtags").get(locale.language, "")
    region = likely.rpartition("_")[2]
    return region if region.isupper() else None
