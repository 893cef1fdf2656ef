from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.domain.campaign import IvrFlow, IvrNode, IvrOption
from chalicelib.campaigns.domain.ivr import flow_problems

GOODBYE = IvrNode("goodbye", "hangup")


def flow(*nodes: IvrNode, entry: str = "hello") -> IvrFlow:
    return IvrFlow(entry, nodes)


def menu(id_: str, **keys: str) -> IvrNode:
    options = tuple(IvrOption(name.removeprefix("key_"), goto) for name, goto in keys.items())
    return IvrNode(id_, "menu", audio="audio/menu.wav", options=options)


def found(checked: IvrFlow) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in flow_problems(checked)]


def test_a_menu_with_every_way_out_is_sound() -> None:
    sound = flow(
        IvrNode("hello", "play", audio="audio/hello.wav", goto="menu"),
        menu("menu", key_1="agent", key_2="menu", key_9="never"),
        IvrNode("agent", "transfer"),
        IvrNode("never", "opt_out"),
    )
    assert found(sound) == []


def test_an_empty_flow_and_an_unknown_entry() -> None:
    assert found(flow()) == [("ivr.nodes", "no_nodes")]
    assert found(flow(GOODBYE)) == [("ivr.entry", "unknown_node")]


def test_every_goto_leads_somewhere() -> None:
    broken = flow(
        IvrNode("hello", "play", audio="a.wav", goto="menu"), menu("menu", key_1="nowhere"), entry="hello"
    )
    assert found(broken) == [("ivr.nodes[1].options[0].goto", "unknown_node")]


def test_an_unreachable_node_is_named() -> None:
    assert found(flow(GOODBYE, IvrNode("lost", "hangup"), entry="goodbye")) == [
        ("ivr.nodes[1]", "unreachable_node")
    ]


def test_a_circle_without_a_way_out_is_endless_at_each_of_its_nodes() -> None:
    circle = flow(menu("hello", key_1="again"), IvrNode("again", "play", audio="a.wav", goto="hello"))
    assert found(circle) == [("ivr.nodes[0]", "endless"), ("ivr.nodes[1]", "endless")]


def test_all_problems_of_all_nodes_are_reported_at_once() -> None:
    broken = flow(
        IvrNode("hello", "menu"),
        IvrNode("hello", "play", goto="hello"),
        IvrNode(
            "menu",
            "menu",
            audio="a.wav",
            options=(IvrOption("12", "end"), IvrOption("1", "end"), IvrOption("1", "gone")),
        ),
        IvrNode("end", "hangup", goto="menu", options=(IvrOption("1", "end"),)),
        IvrNode("dance", "dance"),
        IvrNode("talk", "play", audio="a.wav"),
    )
    assert set(found(broken)) == {
        ("ivr.nodes[0].audio", "audio_required"),
        ("ivr.nodes[0].options", "no_options"),
        ("ivr.nodes[1].id", "duplicate_node"),
        ("ivr.nodes[1].audio", "audio_required"),
        ("ivr.nodes[2].options[0].key", "unknown_key"),
        ("ivr.nodes[2].options[2].key", "duplicate_key"),
        ("ivr.nodes[2].options[2].goto", "unknown_node"),
        ("ivr.nodes[3].goto", "never_followed"),
        ("ivr.nodes[3].options", "options_outside_menu"),
        ("ivr.nodes[4].action", "unknown_action"),
        ("ivr.nodes[5].goto", "goto_required"),
        ("ivr.nodes[2]", "unreachable_node"),
        ("ivr.nodes[3]", "unreachable_node"),
        ("ivr.nodes[4]", "unreachable_node"),
        ("ivr.nodes[5]", "unreachable_node"),
    }


NODES = st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=3), min_size=1, max_size=6)


@given(NODES, st.integers(0, 5))
def test_a_sound_flow_ends_from_wherever_a_call_gets(graph: list[list[int]], ending: int) -> None:
    nodes = [
        menu(str(i), **{f"key_{k}": str(goto) for k, goto in enumerate(gotos)}) for i, gotos in enumerate(graph)
    ]
    if ending < len(nodes):
        nodes[ending] = IvrNode(str(ending), "hangup")
    problems = {problem.code for problem in flow_problems(flow(*nodes, entry="0"))}
    after = {node.id: {option.goto for option in node.options} for node in nodes}
    ways: set[str] = {"0"}
    for _ in nodes:
        ways |= {goto for node in ways for goto in after.get(node, ())}
    assert ("unknown_node" in problems) == any(goto not in after for gotos in after.values() for goto in gotos)
    assert ("unreachable_node" in problems) == bool(after.keys() - ways)
    if not problems:
        assert str(ending) in ways
