"""The `accord` command. Each verb is imported when it is called, so that `--help` is instant."""

from importlib import import_module
from typing import Any, Final

import click
from rich_click import RichGroup

VERBS: Final = {
    "init": "api.cli.founding:init",
    "migrate": "api.cli.founding:migrate",
    "backup": "api.cli.backup:backup",
    "restore": "api.cli.backup:restore",
    "serve": "api.cli.serving:serve",
    "signer": "api.cli.signer:signer",
    "token": "api.cli.tokens:token",
    "demo": "api.cli.demo:demo",
    "replay": "api.cli.replay:replay",
    "import": "api.cli.imports:import_",
    "diff": "api.cli.diff:diff",
    "projections": "api.cli.projections:projections",
    "progress": "api.cli.progress:progress",
    "exceptions": "api.cli.exceptions:exceptions",
    "books": "api.cli.books:books",
    "key": "api.cli.keys:key",
    "sign": "api.cli.sign:sign",
    "witness": "api.cli.witness:witness",
    "bundle": "api.cli.bundle:bundle",
    "mirror": "api.cli.bundle:mirror",
    "verify": "api.cli.verify:verify",
}


class Verbs(RichGroup):
    """Verbs by name, loaded when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All verbs, in the order in which one meets them."""
        del ctx
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb of that name."""
        del ctx
        if cmd_name not in VERBS:
            return None
        module, _, name = VERBS[cmd_name].partition(":")
        found: Any = getattr(import_module(module), name)
        assert isinstance(found, click.Command), "a verb is a command"
        return found


@click.group(cls=Verbs)
@click.version_option(package_name="accord")
def main() -> None:
    """The record that a multilateral forum keeps of what its delegations propose, dispute, endorse and agree."""
