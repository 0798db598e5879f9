"""What is asked of somebody who signs a dossier, does something with it, or looks for some."""

from portal.dossiers.forms.acts import (
    EARLIEST,
    WEB,
    ActForm,
    FilterForm,
    HandOverForm,
    NarrowingForm,
    ReasonForm,
    StandForm,
    TellForm,
    WhyForm,
    WordsForm,
    host_of,
)
from portal.dossiers.forms.fields import EVERYBODY, PICTURES, REASON, WORDS, by_main, title_field, words
from portal.dossiers.forms.signing import ButtonForm, QuietForm, RenameForm, SignForm, StandSignForm

__all__ = [
    "ActForm",
    "ButtonForm",
    "EARLIEST",
    "EVERYBODY",
    "FilterForm",
    "HandOverForm",
    "NarrowingForm",
    "PICTURES",
    "QuietForm",
    "REASON",
    "ReasonForm",
    "RenameForm",
    "SignForm",
    "StandForm",
    "StandSignForm",
    "TellForm",
    "WEB",
    "WORDS",
    "WhyForm",
    "WordsForm",
    "by_main",
    "host_of",
    "title_field",
    "words",
]
