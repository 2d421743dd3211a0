import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import api.settings
from api.compose import Addresses, NotServingError, refuse_privileged
from api.settings import KNOWN, SECRETS, Settings, SettingsError, read_settings
from infrastructure.postgres.embedded import Database

SECRET = "postgresql://owner:hunter2@db/accord"


def refused(environment: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as caught:
        read_settings(environment)
    return str(caught.value)


def test_nothing_need_be_set() -> None:
    assert read_settings({"PATH": "/bin", "HOME": "/root"}) == Settings()
    assert (Settings().host, Settings().port, Settings().queue, Settings().memory) == ("127.0.0.1", 8000, 1024, 10_000)


def test_each_variable_is_read() -> None:
    environment = {
        "DATABASE_URL": "postgresql://owner@db/accord",
        "DATABASE_APP_URL": "postgresql://accord_app@db/accord",
        "DATABASE_PROJECTOR_URL": "postgresql://accord_projector@db/accord",
        "DATABASE_READ_URL": "postgresql://accord_app@replica/accord",
        "ACCORD_DATA": "/srv/accord",
        "ACCORD_PG_BINDIR": "/usr/lib/postgresql/16/bin",
        "ACCORD_PG_OSUSER": "postgres",
        "ACCORD_HOST": "::1",
        "ACCORD_PORT": "0",
        "ACCORD_EPOCH": "60",
        "ACCORD_QUEUE": "1",
        "ACCORD_MEMORY": "0",
        "ACCORD_SIGNER": "/run/accord/signer",
        "ACCORD_URL": "https://accord.example",
        "ACCORD_TOKEN": "abc",
    }
    assert set(environment) == set(KNOWN)
    assert read_settings(environment) == Settings(
        database_url="postgresql://owner@db/accord",
        database_app_url="postgresql://accord_app@db/accord",
        database_projector_url="postgresql://accord_projector@db/accord",
        database_read_url="postgresql://accord_app@replica/accord",
        data=Path("/srv/accord"),
        pg_bindir=Path("/usr/lib/postgresql/16/bin"),
        pg_osuser="postgres",
        host="::1",
        port=0,
        epoch=60,
        queue=1,
        memory=0,
        signer=Path("/run/accord/signer"),
        url="https://accord.example",
        token="abc",
    )


def test_a_variable_that_is_empty_is_not_set() -> None:
    assert read_settings(dict.fromkeys([*KNOWN, "ACCORD_TOKEN_FILE"], "")) == Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ACCORD_PORT", "http"),
        ("ACCORD_PORT", "65536"),
        ("ACCORD_PORT", "-1"),
        ("ACCORD_EPOCH", "0"),
        ("ACCORD_EPOCH", "86401"),
        ("ACCORD_QUEUE", "0"),
        ("ACCORD_MEMORY", "1.5"),
        ("ACCORD_URL", "accord.example"),
    ],
)
def test_a_variable_that_cannot_be_used_is_named(name: str, value: str) -> None:
    said = refused({name: value})
    assert said.startswith(f"{name}: ")
    assert said.endswith(".")


def test_an_unknown_variable_is_named_and_so_are_the_known_ones() -> None:
    said = refused({"ACCORD_PROT": "80"})
    assert said.startswith("ACCORD_PROT is not known; known are ")
    assert all(name in said for name in (*KNOWN, "ACCORD_TOKEN_FILE"))


def test_the_variables_of_the_tests_and_of_others_are_nobody_s_mistake() -> None:
    assert read_settings({"ACCORD_TEST_ALL": "1", "ACCORDION": "x", "DATABASE": "y"}) == Settings()


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n", encoding="utf-8")
    for name in SECRETS:
        field = name.removeprefix("ACCORD_").lower()
        assert getattr(read_settings({f"{name}_FILE": str(file)}), field) == SECRET


def test_what_is_no_secret_stands_in_no_file(tmp_path: Path) -> None:
    assert refused({"ACCORD_HOST_FILE": str(tmp_path)}).startswith("ACCORD_HOST_FILE is not known")


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff"])
def test_a_file_that_holds_no_secret_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    said = refused({"DATABASE_URL_FILE": str(file)})
    assert said.startswith("DATABASE_URL_FILE names ")
    assert str(file) in said


def test_a_secret_is_given_in_one_way(tmp_path: Path) -> None:
    said = refused({"ACCORD_TOKEN": SECRET, "ACCORD_TOKEN_FILE": str(tmp_path / "secret")})
    assert said == "ACCORD_TOKEN and ACCORD_TOKEN_FILE are both set; set one of them."


def test_no_secret_is_printed() -> None:
    settings = read_settings({**dict.fromkeys(SECRETS, SECRET), "ACCORD_PORT": "1"})
    assert SECRET not in f"{settings} {settings!r}"
    assert "ACCORD_PORT=1" in repr(settings)


def test_the_environment_is_that_of_the_process_if_no_other_is_given() -> None:
    script = "from api.settings import read_settings; print(read_settings().port)"
    environment = {**os.environ, "ACCORD_PORT": "4711"}
    run = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout == "4711\n"


def test_each_setting_is_documented_under_its_variable() -> None:
    tree = ast.parse(Path(api.settings.__file__).read_text(encoding="utf-8"))
    (body,) = (node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Settings")
    documented = [
        said.value.value.partition(":")[0].strip("`")
        for said in body
        if isinstance(said, ast.Expr) and isinstance(said.value, ast.Constant) and isinstance(said.value.value, str)
    ]
    assert documented[1:] == list(KNOWN)


def test_nobody_reads_from_a_replica_as_another_role(database: Database) -> None:
    read = Addresses(database.owner_url, database.app_url, database.projector_url, database.owner_url)
    with pytest.raises(NotServingError, match="DATABASE_READ_URL"):
        refuse_privileged(read)
