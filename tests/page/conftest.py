"""What the tests of the page share with those of the modules: Node."""

from tests.wasm.conftest import run_in_node

__all__ = ["run_in_node"]
