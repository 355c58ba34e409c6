"""The test vectors of SLIP-0010 and BIP-0039."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.requirements import needs_stronghold_packages
from transom.errors import CommandError
from transom.plugins.stronghold import _keys

SEED = bytes.fromhex("000102030405060708090a0b0c0d0e0f")
# Chain -> chain code, private key, public key.
VECTORS = {
    (): (
        "90046a93de5380a72b5e45010748567d5ea02bbf6522f979e05c0d8d8ca9fffb",
        "2b4be7f19ee27bbf30c667b642d5f4aa69fd169872f8fc3059c08ebae2eb19e7",
        "a4b2856bfec510abab89753fac1ac0e1112364e7d250545963f135f2a33188ed",
    ),
    (0,): (
        "8b59aa11380b624e81507a27fedda59fea6d0b779a778918a2fd3590e16e9c69",
        "68e0fe46dfb67e368c75379acec591dad19df3cde26e63b93a8e704f1dade7a3",
        "8c8a13df77a28f3445213a0f432fde644acaa215fc72dcdf300d5efaa85d350c",
    ),
}


@pytest.fixture(autouse=True)
def _packages() -> None:
    needs_stronghold_packages()


@pytest.mark.parametrize("chain", VECTORS)
def test_keys_of_slip_10(chain: tuple[int, ...]) -> None:
    code, private, public = VECTORS[chain]
    node = _keys.derive(chain, seed=SEED)
    assert (node[32:].hex(), node[:32].hex()) == (code, private)
    assert _keys.public_key(node, "ed25519").hex() == public


def test_a_chain_can_go_on_from_a_key() -> None:
    master = _keys.derive([], seed=SEED)
    assert _keys.derive([0], key=master) == _keys.derive([0], seed=SEED)
    assert _keys.derive([1 << 31], key=master) == _keys.derive([0], seed=SEED)  # hardened or not, it is the same child
    for chain, key in (([0], b"short"), ([1 << 32], master), ([-1], master)):
        with pytest.raises(CommandError):
            _keys.derive(chain, key=key)


def test_seeds_of_bip_39() -> None:
    words = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    seed = _keys.mnemonic_seed(words, "TREZOR").hex()
    assert seed.startswith("2e8905819b8723fe2c1d161860e5ee1830318dbf49a83bd451cfb8440c28bd6f")
    made = _keys.new_mnemonic()
    assert len(made.split()) == 24
    assert len(_keys.mnemonic_seed(made, "")) == 64
    assert _keys.mnemonic_seed(made, "") != _keys.mnemonic_seed(made, "other")
    for wrong in ("", "legal winner", words.replace("yellow", "legal"), words.replace("legal", "nothinglikethis")):
        with pytest.raises(CommandError, match="the mnemonic is not valid"):
            _keys.mnemonic_seed(wrong, "")


def test_signatures_are_those_of_ed25519() -> None:
    node = _keys.derive([0], seed=SEED)
    signature = _keys.sign(node, b"text")
    Ed25519PublicKey.from_public_bytes(_keys.public_key(node, "ed25519")).verify(signature, b"text")
    assert _keys.public_key(node, "x25519") != _keys.public_key(node, "ed25519")
    with pytest.raises(CommandError, match="unknown key type"):
        _keys.public_key(node, "rsa")
    with pytest.raises(CommandError, match="a private key has 32"):
        _keys.sign(b"short", b"text")
