import tomllib

from tests.pins import PROJECT, constraints, direct, indirect, installed, with_constraints


def test_all_that_is_installed_is_pinned_at_its_version() -> None:
    pins = {name: {version} for name, version in direct().items()} | constraints()
    strays = {name: version for name, version in installed().items() if version not in pins.get(name, ())}
    strays.pop("accord", None)
    assert not strays, "these agree with no pin: uv sync puts that right, or uv run poe pin where a dependency is new"


def test_no_package_is_pinned_twice() -> None:
    assert not direct().keys() & constraints().keys()


def test_the_packages_that_others_bring_are_constrained_each_with_its_marker() -> None:
    lock = tomllib.loads("""
        [[package]]
        name = "accord"
        version = "0.1.0"
        source = { editable = "." }
        [[package]]
        name = "named"
        version = "1"
        source = { registry = "an index" }
        [[package]]
        name = "brought"
        version = "2"
        source = { registry = "an index" }
        [[package]]
        name = "split"
        version = "3"
        source = { registry = "an index" }
        resolution-markers = ["python_full_version < '3.12'", "sys_platform == 'darwin'"]
    """)
    assert list(indirect(lock, {"named"})) == [
        "brought==2",
        "split==3 ; (python_full_version < '3.12') or (sys_platform == 'darwin')",
    ]


def test_writing_constraints_changes_nothing_else_in_the_project_file() -> None:
    text = PROJECT.read_text()
    once = with_constraints(text, ["a==1", "b==2"])
    assert tomllib.loads(once)["tool"]["uv"]["constraint-dependencies"] == ["a==1", "b==2"]
    assert with_constraints(once, (f"{name}=={version}" for name in constraints() for version in constraints()[name])) == text
