"""The rules of the code that a test can hold: what imports what, one home for each library and each idea, sizes."""

import ast
import re
from itertools import chain

import pytest

from datastore.access_patterns import AccessPattern
from resolvers.registry import FIELDS
from tests.source_tree import LAYERS, PROGRAM, ROOT, Module, length, modules

LONGEST_MODULE, LONGEST_FUNCTION = 250, 40
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "base", "core", "manager", "handler", "misc"}

# library -> where it may be imported
HOMES = {
    "boto3": {"datastore"},
    "botocore": {"datastore"},
    "moto": {"datastore"},
    "httpx2": {"datastore"},
    "joserfc": {"datastore"},
    "strawberry": {"schema"},
    "graphql": {"schema"},
    "starlette": {"transport", "application"},
    "uvicorn": {"transport"},
    "aws_cdk": {"cdk"},
    "constructs": {"cdk"},
}

# What stands in the table under NS# is reached with a Grant, and these alone make one (see datastore/grants.py).
GRANT_MAKERS = {
    "datastore/entities/namespace.py",
    "datastore/metering/corrections.py",
    "datastore/namespace_deletion.py",
    "resolvers/mutation/create_namespace.py",
    "resolvers/reading_ahead.py",
}

# The modules that a call of DynamoDB's API leaves from, each for one kind of operation.
CALLERS = {"datastore/store.py", "datastore/batches.py", "datastore/pages.py"}

# Whoever is started from a shell may print.
COMMANDS = re.compile(
    r"(^(server|recount)\.py|__main__\.py|^bench/.*|^cdk/local/.*|^cdk/app\.py|^datastore/typescript\.py)$"
)


def _program() -> tuple[Module, ...]:
    return modules(*PROGRAM)


def test_imports_go_down_only() -> None:
    """As LAYERS has them; settings, the CDK app, the docs and the bench stand beside them."""
    allowed = {home: set(LAYERS[LAYERS.index(home) :]) for home in LAYERS}
    allowed["server"].add("settings")
    allowed["application"].add("settings")
    allowed["recount"] = {"recount", "settings", *LAYERS}
    allowed |= {"settings": {"settings", "datastore"}, "docs": {"docs", "datastore", "settings"}}
    allowed |= {"cdk": {"cdk", "datastore"}, "bench": {*PROGRAM} - {"cdk"}}
    ours = {*PROGRAM, "tests"}
    wrong = [
        module.at(node, f"imports {name}")
        for module in _program()
        for node, name in module.imports()
        if name.split(".")[0] in ours - allowed[module.home]
    ]
    assert wrong == []


def test_each_library_has_one_home() -> None:
    """The bench also drives what we are compared with."""
    wrong = [
        module.at(node, f"imports {name}")
        for module in modules(*set(PROGRAM) - {"bench"})
        for node, name in module.imports()
        if module.home not in HOMES.get(name.split(".")[0], {module.home})
    ]
    assert wrong == []


def test_modules_are_short() -> None:
    long = {module.place: count for module in _program() if (count := len(module.text.splitlines())) > LONGEST_MODULE}
    assert long == {}


def test_functions_are_short() -> None:
    long = [
        module.at(function, f"{function.name} has {length(function)} lines")
        for module in _program()
        for function in module.functions()
        if length(function) > LONGEST_FUNCTION
    ]
    assert long == []


def test_modules_are_named_for_what_they_hold() -> None:
    wrong = [
        module.place for module in _program() if NAMES_THAT_SAY_NOTHING & set(re.split(r"[/_.]", module.place[:-3]))
    ]
    assert wrong == []


def test_every_module_says_what_it_is_for() -> None:
    assert [module.place for module in _program() if not ast.get_docstring(module.tree)] == []


def test_key_templates_stand_in_one_table() -> None:
    """Docstrings may show a key; code builds it from the table and from nothing else."""
    templates = chain.from_iterable((row.partition, row.sort) for row in AccessPattern)
    prefixes = {template.split("{")[0] for template in templates if "{" in template}
    wrong = [
        module.at(node, f"spells {prefix}")
        for module in modules(*LAYERS, "settings")
        if module.place != "datastore/access_patterns.py"
        for node in _strings(module)
        for prefix in sorted(prefixes)
        if re.search(rf"(?<!\w){re.escape(prefix)}", node.value)
    ]
    assert wrong == []


def test_only_the_authorising_step_makes_a_grant() -> None:
    """And what it reads ahead, the founding of a namespace, and the jobs that empty and count one."""
    wrong = [
        module.at(node)
        for module in modules(*LAYERS)
        for node in module.walk()
        if _makes_grant(node) and module.place not in GRANT_MAKERS
    ]
    assert wrong == []


def test_the_table_is_called_in_three_modules() -> None:
    """But for clients that stand around another client, whose own method is `call`."""
    callers = {
        module.place
        for module in modules(*LAYERS)
        for function in module.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Await) and _called(node.value) == "call" and function.name != "call"
    }
    assert callers == CALLERS


def test_resolvers_do_no_input_or_output() -> None:
    """No clock, no randomness, no await: only the engine and the authorising step wait for the table."""
    waiting = {f"resolvers/{name}.py" for name in ("engine", "access", "reading_ahead", "evaluation/contexts")}
    wrong = [
        module.at(function, f"{function.name} is async")
        for module in modules("resolvers")
        if module.place not in waiting
        for function in module.functions()
        if isinstance(function, ast.AsyncFunctionDef)
    ]
    wrong += [
        module.at(node, f"imports {name}")
        for module in modules("resolvers")
        for node, name in module.imports()
        if name in {"time", "random", "secrets", "os", "socket"}
    ]
    wrong += [
        module.at(node, "reads the clock")
        for module in modules("resolvers")
        if module.place != "resolvers/evaluation/contexts.py"
        for node in module.walk()
        if _called(node) in {"now", "utcnow", "today", "get_running_loop"}
    ]
    assert wrong == []


def test_everything_is_caught_once_at_most() -> None:
    """Where failures that are not ours are masked; everywhere else the narrowest class."""
    broad = [
        module.at(node)
        for module in modules(*LAYERS)
        for node in module.walk()
        if isinstance(node, ast.ExceptHandler) and _catches_all(node)
    ]
    assert len(broad) <= 1, broad


def test_only_commands_print() -> None:
    wrong = [
        module.at(node)
        for module in _program()
        if not COMMANDS.search(module.place)
        for node in module.walk()
        if _called(node) == "print"
    ]
    assert wrong == []


def test_nothing_happens_at_import() -> None:
    """A module's top level defines; it calls nothing that opens a file, a socket or an environment."""
    wrong = [
        module.at(node, f"calls {_called(node)}")
        for module in modules(*LAYERS, "settings")
        for statement in module.tree.body
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr)
        for node in ast.walk(statement)
        if _called(node) in {"open", "getenv", "connect", "client", "read_text", "run", "print", "create_app"}
    ]
    assert wrong == []


@pytest.mark.parametrize("path", FIELDS)
def test_every_field_has_a_file_of_its_own_name(path: str) -> None:
    kind, _, name = path.partition(".")
    file = ROOT / "resolvers" / kind.lower() / f"{re.sub('(?=[A-Z])', '_', name).lower()}.py"
    assert FIELDS[path].resolver.__file__ == str(file)


@pytest.mark.parametrize("kind", sorted({path.partition(".")[0].lower() for path in FIELDS}))
def test_listing_a_folder_lists_the_fields(kind: str) -> None:
    listed = {path.stem for path in (ROOT / "resolvers" / kind).glob("*.py")} - {"__init__"}
    known = {
        re.sub("(?=[A-Z])", "_", path.partition(".")[2]).lower()
        for path in FIELDS
        if path.lower().startswith(f"{kind}.")
    }
    assert listed == known


def _strings(module: Module) -> list[ast.Constant]:
    """String constants that are not docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in module.walk()
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    constants = (node for node in module.walk() if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [node for node in constants if id(node) not in docstrings]


def _called(node: ast.AST) -> str:
    """The name of the function or method that a call calls."""
    match node:
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
            return name
    return ""


def _makes_grant(node: ast.AST) -> bool:
    """By its constructor, or from another one by naming another namespace."""
    keywords = {each.arg for each in node.keywords} if isinstance(node, ast.Call) else set()
    return _called(node) == "Grant" or (_called(node) == "replace" and "namespace" in keywords)


def _catches_all(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or (isinstance(kind, ast.Name) and kind.id in _BROAD) for kind in kinds)


_BROAD = {"Exception", "BaseException"}
