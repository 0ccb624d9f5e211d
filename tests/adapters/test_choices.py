"""CENTRE.toml chooses the store and the distribution: a centre over a real PostgreSQL, fed over a real NATS."""

import asyncio

import pytest

from tocsin.app import centre as centres
from tocsin.app import composing, serving
from tocsin.errors import BadEvidence
from tocsin.node.adapters import settings
from tocsin.node.adapters.postgres import PostgresLog
from tocsin.release import Draft
from tocsin.wire.bodies import Retraction

from .folders import DENIAL
from .servers import Nats, Postgres

RETRACTION = Retraction(because="the test tape was mounted")
pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    made = Postgres(tmp_path_factory.mktemp("postgres")).start()
    yield made
    made.stop()


@pytest.fixture
def nats(tmp_path):
    made = Nats(tmp_path / "nats")
    yield made
    made.stop()


def folder(tmp_path, more):
    centres.init("west", folder=tmp_path / "west")
    toml = tmp_path / "west" / "CENTRE.toml"
    toml.write_text(toml.read_text() + more)
    return toml


def test_a_centre_over_postgresql(postgres, tmp_path):
    toml = folder(tmp_path, f'\n[store]\npostgres = "{postgres.conninfo()}"\n')
    one = serving.Serving(toml)
    one.centre.begin()
    one.centre.say(DENIAL)
    size = one.centre.books["own"].size + one.centre.books["shared"].size
    close(one)
    assert size and not (tmp_path / "west" / "store.db").exists()
    again = serving.Serving(toml)
    assert again.centre.books["own"].size + again.centre.books["shared"].size == size
    assert isinstance(again.centre.ports.store("x"), PostgresLog)
    close(again)


def close(one):
    one.centre.ports.store("x")._database.close()
    one.centre.ports.cells._database.close()


def test_drafts_of_other_processes_over_nats(nats, tmp_path):
    from tocsin.node.adapters.nats import Funnel, Source, connect

    toml = folder(tmp_path, f'\n[distribution]\nnats = "{nats.url}"\n')
    one = serving.Serving(toml)
    one.centre.begin()
    before = one.centre.books["own"].size

    async def run():
        client = await connect(one._settings.distribution.nats, "west")
        funnel = Funnel(
            client, "west", one.centre.ports.cells, composing.log_drafts(one.centre),
            composing.refused_drafts(one.centre),
        )  # fmt: skip
        await funnel.start()
        source = Source(client, "west", "radar")
        await source.start()
        await source.say(Draft(body=RETRACTION, observed_tai_ns=one.centre.now_tai_ns))
        for _ in range(20):
            if await funnel.turn(0.5):
                break
        await client.close()

    asyncio.run(run())
    assert one.centre.books["own"].size == before + 1


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("\n[store]\nsqlite = 1\n", "store"),
        ('\n[store]\npostgres = ""\n', "postgres"),
        ('\n[distribution]\nnats = "http://x"\n', "nats"),
    ],
)
def test_choices_that_are_none(more, why, tmp_path):
    with pytest.raises(BadEvidence, match=why):
        settings.load(folder(tmp_path, more))
