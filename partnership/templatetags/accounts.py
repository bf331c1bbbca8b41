"""The portal's own words for the questions that the sign-in library asks."""

from django import forms, template
from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators

register = template.Library()

LABELS = {
    "login": "E-mail address",
    "email": "E-mail address",
    "password": "Password",
    "oldpassword": "The password you have now",
    "code": "Code",
}
"""What each question is called, by the name of its field."""

NEW_PASSWORD = {
    "Password": "Choose a password",
    "Password (again)": "Type the password again",
    "New Password": "Choose a new password",
    "New Password (again)": "Type the new password again",
    "Authenticator code": "The six numbers",
    "Passwordless": "Sign in with this passkey alone",
}
"""What a question is called where its field's name does not tell; by the library's words."""

PASSWORDLESS_HELP = (
    "Then you type no password. Your device asks for your fingerprint, your face or its PIN each time."
)

MISSING = {
    "login": "Enter your e-mail address.",
    "email": "Enter your e-mail address.",
    "password": "Enter your password.",
    "oldpassword": "Enter the password you have now.",
    "password1": "Type the password that you want.",
    "password2": "Type the password again.",
    "code": "Enter the code.",
}
"""What to do where a box was left empty."""


@register.filter
def in_plain_words(form: forms.Form | None) -> forms.Form | None:
    """The same form with the portal's words above each box, and no words inside the empty boxes.

    Words inside a box are pale and go away while somebody types. A form that was sent has made its boxes already, so the
    box is told as well as the field.
    """
    if form is None:
        return None
    for name, field in form.fields.items():
        box = form[name]
        words = LABELS.get(name) or NEW_PASSWORD.get(str(field.label)) or str(field.label or box.label)
        box.label = field.label = words
        field.widget.attrs.pop("placeholder", None)
        if name == "passwordless":
            box.help_text = field.help_text = PASSWORDLESS_HELP
        if name == "password1" and field.help_text:
            box.help_text = field.help_text = _password_help()
        if form.is_bound and name in MISSING and name in form.errors:
            for error in form.errors[name].as_data():
                error.message = MISSING[name] if error.code == "required" else error.message
    return form


def _password_help() -> str:
    """What a new password must be, in one line: the same rules that are checked when it is sent."""
    least = [
        rule.min_length
        for rule in get_default_password_validators()
        if isinstance(rule, MinimumLengthValidator)
    ]
    start = f"Use {max(least)} letters, numbers or signs, or more. " if least else ""
    return start + "Three words that do not belong together are easy to keep in mind. Leave out your name."
