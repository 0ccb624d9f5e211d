"""A case in a running centre that cites a bound proof, by what anybody can do: two commands and the client."""

import asyncio
import hashlib
import json
import sys
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parents[1]))

from console.desk import House
from tocsin.app.assure import assure
from tocsin.assure import shipped_proofs
from tocsin.assure.shipped import NAMES
from tocsin.client import AsyncClient


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
