"""One statement of each kind, every field filled. The golden log was made from these (golden/make.py)."""

from tocsin.wire import bodies as b
from tocsin.wire import confidential as x
from tocsin.wire import custody as c
from tocsin.wire import cyber as y
from tocsin.wire import groups as g
from tocsin.wire import judging as j
from tocsin.wire import measures as z
from tocsin.wire import messages as m
from tocsin.wire import talk as t
from tocsin.wire import watch as w
from tocsin.wire.envelope import Encryption, Marking, Observed, OfficerSignature, Reference, Statement

H = "0123456789abcdef" * 4
HEADS = (b.Head(origin="east.example/shared", size=70_000, root=H), b.Head(origin="north.example", size=0, root=H))
CIRCLE = b.Circle(latitude_deg=69.294, longitude_deg=16.021, radius_km=12.5)
POLYGON = b.Polygon(vertices_deg=((79.0, -5.0), (81.5, 0.25), (80.0, 12.0)))
WINDOW = b.Window(start_tai_us=791_000_029_000_000, end_tai_us=791_010_829_000_000)
TAI_US = 791_015_069_123_456
PUBLIC = c.PublicHalf(scheme="ed25519", public="A" * 43 + "=")

BODIES: dict[str, b.Record] = {
    "tracklet": b.Tracklet(
        track="west-0001", since_tai_us=TAI_US - 10_000_000, t_tai_us=TAI_US,
        position_ecef_m=(2199480.12, 631234.56, 6017000.01), velocity_ecef_m_s=(-812.3456, 12.5, 2890.0001),
        information=tuple(1.0 / (1 + i) for i in range(21)), information_vector=(0.5, -0.25, 1e-9, -1e9, 0.0, 3.0),
        process_noise_m2_s3=0.001, existence=0.998, phase="coast",
        classes=(b.ClassLikelihood(vehicle="sounding-rocket", likelihood=0.9),), sensors=2, coarsened=False,
        ended=False, lineage=b.Lineage(kind="split", tracks=("west-0007", "west-0008")),
    ),
    "notification": b.Notification(
        identifier="PLN/NO/1995/001/001/02", format="window-extension", refers_to="PLN/NO/1995/001/001/01",
        addressee="all parties", vehicle="sounding-rocket", window=WINDOW, launch_area=CIRCLE, azimuth_deg=352.0,
        azimuth_tolerance_deg=5.0, apogee_km=1453.0, impact_area=POLYGON, actual_time_tai_us=TAI_US, objects=1,
        text="Forlenget vindu, værforhold.",
    ),
    "acknowledgement": b.Acknowledgement(officer="Officer A", role="duty-officer", text="read"),
    "assessment": b.Assessment(
        event="west-0001", site_report="under investigation", confidence="medium",
        explanations=(
            b.Explanation(
                what="notified-launch", probability=0.85, reasons=("inside the area",),
                identifier="PLN/NO/1995/001/001/01",
            ),
            b.Explanation(what="unexplained", probability=0.15),
        ),
        officer="Officer A", text="climbs away from us",
    ),
    "conference": b.Conference(event="west-0001", level="display", reason="new object", officer="Officer A"),
    "proposal": b.Proposal(
        event="west-0001", finding="benign", parties=("east", "west"), required=("east", "west"), policy_sha256=H,
        deadline_s=791_015_400, void_if=("the track changes its predicted area of impact",),
        picture=b.PictureReference(heads=HEADS, as_of_tai_us=TAI_US, fuse_version="1", digest=H),
        officer="Officer A", text="Research rocket, notified.",
    ),
    "vote": b.Vote(
        proposal_sha256=H, proposal_origin="west.example/shared", proposal_epoch=1, party="east",
        role="duty-officer", choice="yes", officer="Officer B", heads=HEADS,
    ),
    "floor": b.Floor(proposal_sha256=H, floor_s=791_015_401, unreceipted=("east",)),
    "heartbeat": b.Heartbeat(heads=HEADS, missed=("north",)),
    "agreement": b.Agreement(
        regime_text='format = 1\nname = "é"\n',
        parties=(b.PartyKeys(party="east", origin="east.example/shared", log_keys=("e+1",), mirror_keys=("m+1",)),),
    ),
    "retraction": b.Retraction(because="the training tape was mounted", text="entries 4 to 6"),
    "negative-statement": b.NegativeStatement(area=POLYGON, window=WINDOW, text="no launch of ours"),
    "standing": b.Standing(action="suspend", effective_tai_us=TAI_US, because="talks broke off", officer="Officer A"),
    "reserved-action": b.ReservedAction(
        event="west-0001", rule="decides.finding", because="our own sensors say otherwise", officer="Officer A"
    ),
    "anchors": c.Anchors(parties=(c.Anchor(party="east", root_keys=(PUBLIC,), threshold=1, tls_sha256=H),)),
    "roster": c.Roster(
        number=1,
        officers=(c.Officer(name="Officer A", roles=("watch-officer",), keys=(PUBLIC,)),),
        rules=(c.SigningRule(kind="vote", officers=2),),
        relying_party="watch.west.example", web_origins=("https://watch.west.example",),
    ),
    "rotation": c.Rotation(
        purpose="mirror", old_keys=("m+1",), new_keys=("m+2",), effective_index=512, proofs=("m+1 AAAA", "m+2 BBBB")
    ),
    "succession": c.Succession(
        old_origin="west.example/shared", old_epoch=1, closed_size=7, closed_root=H, new_epoch=2, log_keys=("w+2",),
        mirror_keys=("m+2",), because="the machine of the log key was entered",
    ),
    "retention": c.Retention(
        origin="west.example/shared", before_index=4_096, not_before_tai_us=TAI_US, bundle_sha256=H,
        because="ten years have passed",
    ),
    "notification@2": b.Notification2(
        identifier="PLN/NO/1995/001/002/06", format="deorbit", refers_to="PLN/NO/1995/001/002/01",
        addressee="duty officers", vehicle="decay", window=WINDOW, impact_area=POLYGON, objects=1,
        text="controlled", grouping="single", designator="1994-081A", radar_effects=False,
    ),
    "launch-detection": m.LaunchDetection(
        event="west-0001", launch_tai_us=TAI_US, launch_uncertainty_s=8.0, launch_place=CIRCLE, direction_deg=358.0,
        direction_tolerance_deg=20.0, impact_place=b.Circle(latitude_deg=79.0, longitude_deg=10.0, radius_km=90.0),
        impact_tai_us=TAI_US + 1_440_000_000, impact_uncertainty_s=30.0, vehicle="sounding-rocket", objects=1,
        grouping="near-simultaneous", sources=("infrared", "radar"),
    ),
    "hazard-notice": m.HazardNotice(
        number="NAVAREA XIX 12/95", area=POLYGON, window=WINDOW, nature="rocket", ceiling_km=1_500.0, text="keep clear",
    ),
    "exercise-notice": m.ExerciseNotice(
        name="Northern 95", nature="warning-system", area=CIRCLE, window=WINDOW, personnel=900, launches=2,
        simulated_data=True, text="recorded data on the displays",
    ),
    "air-alert": m.AirAlert(
        event="west-0002", category="lost-contact", t_tai_us=TAI_US, latitude_deg=69.5, longitude_deg=30.0,
        altitude_km=10.7, course_deg=45.0, ground_speed_m_s=230.0, callsign="ABC123", transponder="7600",
        flight_information_region="Bodo", text="no answer for 20 minutes",
    ),
    "incident": m.Incident(
        domain="sea", nature="near-miss", place=CIRCLE, window=WINDOW, units=("trawler", "patrol ship"), casualties=0,
        nuclear_detonation_possible=False, officer="Officer A", text="passed at 60 m in fog",
    ),
    "deconfliction": m.Deconfliction(
        domain="air", request="own-passage", area=POLYGON, window=WINDOW, floor_km=3.0, ceiling_km=9.5,
        activity="two aircraft in transit", contact="121.5 MHz",
    ),
    "annual-declaration": m.AnnualDeclaration(
        year=1994, launches=(m.DeclaredLaunches(vehicle="sounding-rocket", launched=9),), policies="as before",
    ),
    "orbit": m.Orbit(
        name="upper stage", designator="1994-081B", owner="west", status="decaying", t_tai_us=TAI_US,
        position_ecef_m=(4.0e6, 3.0e6, 4.5e6), velocity_ecef_m_s=(-5.0e3, 4.0e3, 2.0e3), position_sigma_m=500.0,
        velocity_sigma_m_s=1.0, along_track_sigma_s=2.0, along_track_growth_s_per_day=40.0, decay_window=WINDOW,
    ),
    "codebook": t.Codebook(
        code_word="BIRCH",
        messages=(
            t.CodedMessage(number=1, texts=(
                t.Translation(language="en", text="Our alert of {1} was an error."),
                t.Translation(language="no", text="V\u00e5rt varsel {1} var en feil."),
            )),
        ),
    ),
    "short-code": t.ShortCode(
        code_word="BIRCH", number=1, codebook_sha256=H, blanks=("0624 UTC",), officer="Officer A"
    ),
    "hotline": t.Hotline(
        to=("east",), precedence="urgent", officer="Officer A", text="Er raketten deres?",
        translations=(t.Translation(language="en", text="Is the rocket yours?"),),
    ),
    "voice-call": t.VoiceCall(
        call="call-19950125-1", means="telephone", begin_tai_us=TAI_US, end_tai_us=TAI_US + 240_000_000,
        speakers=(
            t.Speaker(party="west", name="Officer A", role="duty-officer"),
            t.Speaker(party="east", name="Officer B", role="duty-officer", interprets=("ru", "en")),
        ),
        read_back=("east",), summary="One research rocket, as announced.",
        translations=(t.Translation(language="en", text="One research rocket, as announced."),),
        recording_sha256=H, officer="Officer A",
    ),
    "site-check": t.SiteCheck(
        site="radar-north", event="west-0001", t_tai_us=TAI_US, counted=0, displayed=220, site_report="anomalous",
        test_data=True, means="direct-line", officer="Officer A",
    ),
    "sealed-judgement": j.SealedJudgement(
        event="west-0001", commitment=H, opens_tai_us=TAI_US, officer="Officer A", panel="experts"
    ),
    "opened-judgement": j.OpenedJudgement(
        event="west-0001", salt=H, judgement="{}", officer="Officer A", panel="experts"
    ),
    "docket": j.Docket(
        case="west-c1", step="query", to=("east",), event="west-0001", deadline_s=791_020_000,
        text="two tracks, one launch",
        attachments=(j.Attachment(name="plot.csv", sha256=H, bytes=1_024),), officer="Officer A",
    ),
    "record-remark": j.RecordRemark(measure="late", text="the pad was changed that morning", officer="Officer A"),
    "epoch-noted": c.EpochNoted(
        old_origin="west.example/shared", new_origin="west.example/shared/1", new_epoch=1, closed_size=7, closed_root=H,
        own_receipted=9,
    ),
    "encryption-keys": x.EncryptionKeys(keys=(x.EncryptionKey(party="east", scheme="xwing-hpke", public="AAAA"),)),
    "key-wrap": x.KeyWrap(
        group_key_id="0123456789abcdef", scheme="xwing-hpke",
        recipients=(x.WrappedKey(party="east", key_id="fedcba9876543210", wrapped="AAAA"),),
    ),
    "observation-seal": x.ObservationSeal(commitment=H, what="recording of the northern radar"),
    "observation-opening": x.ObservationOpening(
        salt=H, content_sha256=H, content_bytes=70_000, text="", because="to show when we knew"
    ),
    "watch": w.Watch(
        action="assume", officer="Officer A", role="watch-officer", other="Officer B",
        open_items=("PLN/NO/1995/001/001/01 unanswered",), tokens=(w.Token(token="key card 2", holder="Officer A"),),
        text="all read",
    ),
    "delegation": w.Delegation(
        action="grant", officer="Officer C", to="Officer A", kinds=("standing",), from_tai_us=TAI_US,
        until_tai_us=TAI_US + 3_600_000_000, because="away until noon",
    ),
    "officer-check": w.OfficerCheck(officer="Officer A", about=H, outcome="passed", checked_by="Officer C"),
    "desk-session": w.DeskSession(
        officer="Officer A", roles=("watch-officer",), action="begin", login="passkey"
    ),
    "note": w.Note(officer="Officer A", event="west-0001", text="klarte ikke å nå vakten"),
    "cyber-incident": y.CyberIncident(
        incident="west-cyber-01", nature="false-data", affected=("radar", "exchange-link"), warning="doubtful",
        state="suspected", discovered_tai_us=TAI_US, window=WINDOW, indicators=(y.Indicator(kind="sha256", value=H),),
        wants="information", officer="Officer A", text="plots without echoes since noon",
    ),
    "measure": z.Measure(
        terms=z.ShareMore(kinds=("site-check",), effective_s=791_015_500, until_s=791_019_100, every_s=2.0),
        parties=("east", "west"), required=("east", "west"), policy_sha256=H, deadline_s=791_015_400,
        void_if=("the crisis is over",), officer="Officer A", text="Faster tracks for an hour.",
    ),
    "group-log": g.GroupLog(group="neighbours", parties=("east", "west"), log_keys=("west.example/group/x+0+A",)),
    "group-secret": g.GroupSecret(group="neighbours", secret=H),
    "hidden-head": g.HiddenHead(group="neighbours", commitment=H),
    "head-opening": g.HeadOpening(
        group="neighbours", salt=H, origin="west.example/shared/group/neighbours", size=7, root=H
    ),
}  # fmt: skip


def statement(name: str) -> Statement:
    """The example of a kind, or of a later schema of it (`kind@number`), in a full envelope."""
    body = BODIES[name]
    kind = b.kind_of(body)[0]
    return Statement(
        tocsin=1, kind=kind, schema=b.kind_of(body)[1], origin="west.example/shared", epoch=1,
        sequence=list(BODIES).index(name), mode="exercise", regime=H,
        marking=Marking(releasable_to=("east", "north"), originator="west", authority="Centre W", language="no"),
        observed=Observed(t_tai_us=TAI_US, uncertainty_us=1_500, clock="gps"),
        references=(Reference(role="because", origin="east.example/shared", epoch=0, index=41, sha256=H),),
        encryption=None,
        signatures=(OfficerSignature(scheme="ed25519", key_id="k1", role="duty-officer", value="AAAA", context="c"),),
        body=b.encode_body(body),
    )  # fmt: skip


ENCRYPTION = Encryption(scheme="x-wing", key_reference="entry 7", commitment=H, padded_bytes=512)
