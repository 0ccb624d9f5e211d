"""A case in a running centre that cites a bound proof, by what anybody can do: two commands and the client."""

import asyncio
import hashlib
import json
import sys
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parents[1]))

from adapters.pairs import Pair
from console.desk import House
from tocsin.app.assure import assure
from tocsin.app.check import verify
from tocsin.assure import shipped_proofs
from tocsin.assure.ceiling import cite
from tocsin.assure.shipped import NAMES
from tocsin.client import AsyncClient
from tocsin.node import commands
from tocsin.wire.measures import ShareMore


def test_a_case_cites_a_proof_and_whoever_reads_it_finds_the_same_file(tmp_path, capsys):
    """`--cite` gives what the case says; the log carries name, hash, size and claim; the reader does `--check`."""
    file = tmp_path / "proof.json"
    file.write_bytes(min((data for name in NAMES for data in shipped_proofs(name).values()), key=len))
    assert assure(cite=file) == 0
    cited = json.loads(capsys.readouterr().out)
    attached = {name: cited[name] for name in ("name", "sha256", "bytes")}

    async def go():
        async with AsyncClient("http://localhost", transport=httpx.ASGITransport(House().app)) as client:
            await client.log_in("Anna")
            asked = await client.act("docket-open", {"to": ["east"], "text": "What can the sites not reach?"})
            evidence = {"query": asked.sha256, "step": "evidence", "text": cited["claim"], "attachments": [attached]}
            said = await client.act("docket-say", evidence)
            return (await client.statement(said.sha256)), (await client.board()).dockets

    statement, dockets = asyncio.run(go())
    body = statement.statement["body"]
    assert (body["step"], body["attachments"], body["text"]) == ("evidence", [attached], cited["claim"])
    assert [step.text for step in dockets[0].entries] == ["What can the sites not reach?", cited["claim"]]
    assert attached["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert attached["sha256"] in cited["claim"]
    assert assure(check=file) == 0
    assert "Accepted" in capsys.readouterr().out
    file.write_bytes(file.read_bytes().replace(b'"speed_km_s": ["', b'"speed_km_s": ["1'))
    assert assure(check=file) == 1


def test_a_joint_decision_cites_the_proof_and_anybody_checks_that_offline(tmp_path, capsys):
    """Logged through the interface, receipted, cited by a measure that both sign: one bundle and the file tell."""
    proofs = sorted((data for name in NAMES for data in shipped_proofs(name).values()), key=len)
    file, other, bundle = tmp_path / "proof.json", tmp_path / "other.json", tmp_path / "decided.tocsin-bundle"
    file.write_bytes(proofs[0])
    other.write_bytes(proofs[0].replace(b'"title"', b'"title" ', 1))
    cited = cite(file.name, proofs[0])
    pair = Pair()
    west, east = pair.centres["west"], pair.centres["east"]
    house = House(pair=pair)

    async def log_it():
        async with AsyncClient("http://localhost", transport=httpx.ASGITransport(house.app)) as client:
            await client.log_in("Anna")
            asked = await client.act("docket-open", {"to": ["east"], "text": "What can the sites not reach?"})
            attached = {"name": cited.name, "sha256": cited.sha256, "bytes": cited.bytes}
            words = {"query": asked.sha256, "step": "evidence", "text": cited.claim, "attachments": [attached]}
            return (await client.act("docket-say", words)).sha256

    said = asyncio.run(log_it())
    pair.turn(2)
    now_s = west.posix_s()
    terms = ShareMore(kinds=("site-check",), effective_s=now_s + 600, until_s=now_s + 1_200)
    evidence = next(one for one in west.said if one.entry.sha256 == said)
    commands.propose_measure(west, terms, "Anna", "They reach none of it: we share more.", cites=(evidence,))
    pair.turn(2)
    for centre in (east, west):
        asked = next(one for one in centre.said if one.kind == "measure")
        commands.vote(centre, asked.entry, "yes", "Anna")
        pair.turn(2)
    anna = house.browser()
    anna.log_in("Anna")
    bundle.write_bytes(anna.get(f"bundle/{asked.entry.sha256}").content)
    assert verify(bundle, cited=(file,)) == 0
    told = capsys.readouterr().out
    assert "Adopted: the measure" in told and "receipted by east" in told
    assert f"is the file that measure {asked.entry.sha256[:8]} cites (sha256:{cited.sha256})" in told
    assert "a bound proof that holds" in told
    assert verify(bundle, cited=(other,)) == 1
    assert "no decision here cites this file" in capsys.readouterr().out
