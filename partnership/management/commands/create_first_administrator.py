"""The first administrator of a new installation: everybody else is invited in the browser (R-P5)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from foundation.text import clean_line
from partnership.models import User
from partnership.operations import invitations
from partnership.roles import Role


class Command(BaseCommand):
    """Print a one-use link with which the first administrator sets a password."""

    help = "Make the first administrator: prints a link that works once, for 14 days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the work e-mail address of the administrator")
        parser.add_argument(
            "--name", default="", help="their name; they can change it when they open the link"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        email = clean_line(options["email"]).lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError("Give an e-mail address in the right form, like name@example.com.") from error
        if User.objects.lasting_administrators().exists():
            raise CommandError(
                "There is an administrator already. They invite others on the page “Invitations” of the portal."
            )
        key = invitations.invite(
            email=email, name=clean_line(options["name"])[:120], role=Role.ADMINISTRATOR, by=None
        )
        self.stdout.write("Open this link to choose a password. It works once, for 14 days:")
        self.stdout.write(invitations.link_for(key))
