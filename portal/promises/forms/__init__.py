"""What is asked of somebody who writes down what became of a promise, a trial or a motion."""

from portal.promises.forms.deciding import CiteForm, DocumentForm
from portal.promises.forms.promising import CorrectForm, ReplyForm, SayForm, SettleForm
from portal.promises.forms.shared import TrackForm
from portal.promises.forms.trying import CloseForm, ObserveForm, TrialForm

__all__ = [
    "CiteForm",
    "CloseForm",
    "CorrectForm",
    "DocumentForm",
    "ObserveForm",
    "ReplyForm",
    "SayForm",
    "SettleForm",
    "TrackForm",
    "TrialForm",
]
