"""What a browser tells of its device."""

import base64
import binascii
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from portal.notices.push import may_be_sent_to
from portal.web.forms import OnceForm

NOT_OURS = _("Your browser's service for notices is not one that we know.")
ENDPOINT, SECRET = 700, 16


def opened(text: str) -> bytes:
    """The bytes in base64 for addresses, with or without its padding."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise ValidationError(NOT_OURS) from error


class DeviceForm(OnceForm):
    """Which device."""

    endpoint = StringField("", [InputRequired(NOT_OURS), Length(max=ENDPOINT, message=NOT_OURS)])


class FollowForm(DeviceForm):
    """Which device, and the keys for it."""

    p256dh = HiddenField("", [InputRequired(NOT_OURS), Length(max=100, message=NOT_OURS)])
    auth = HiddenField("", [InputRequired(NOT_OURS), Length(max=40, message=NOT_OURS)])

    def validate_endpoint(self, field: Any) -> None:
        if not may_be_sent_to(field.data):
            raise ValidationError(NOT_OURS)

    def validate_p256dh(self, field: Any) -> None:
        try:
            EllipticCurvePublicKey.from_encoded_point(SECP256R1(), opened(field.data))
        except ValueError as error:  # no point of the curve
            raise ValidationError(NOT_OURS) from error

    def validate_auth(self, field: Any) -> None:
        if len(opened(field.data)) != SECRET:
            raise ValidationError(NOT_OURS)

    @property
    def given(self) -> dict[str, str]:
        return {name: self.data[name] for name in ("endpoint", "p256dh", "auth")}
