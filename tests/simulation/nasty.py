"""Broken and nasty netlists, each with the cause that every back end must find."""

from dataclasses import dataclass

from neurokit.simulation import Cause, Limits

RC = "V1 in 0 1\nR1 in out 1k\nC1 out 0 1n\n"
LOAD = "R9 x 0 1k\n"
RUN_UIC = ".tran 1u 100u uic\n.end\n"
RUN = ".tran 1u 100u\n.end\n"
QUICK = Limits(time_s=20)  # none of them needs more than a fraction of it


@dataclass(frozen=True)
class Nasty:
    """One netlist that must not be reported as a success."""

    name: str
    text: str
    cause: Cause
    limits: Limits = QUICK


def _deck(name: str, body: str, cause: Cause, end: str = RUN_UIC, limits: Limits = QUICK) -> Nasty:
    return Nasty(name, f"{name}\n{body}{end}", cause, limits)


def _exploding_subcircuits(levels: int, calls: int) -> str:
    """A hierarchy of calls ** levels resistors."""
    lines = [".subckt s0 a b", "R1 a b 1k", ".ends"]
    for level in range(1, levels + 1):
        lines += [f".subckt s{level} a b", *(f"X{i} a b s{level - 1}" for i in range(calls)), ".ends"]
    return "\n".join([*lines, f"X1 in 0 s{levels}", ""])


ENDLESS = "V1 in 0 1\nR1 in out 1k\nC1 out 0 1n\n.tran 1n 1000 0 1n uic\n.end\n"

NASTY: tuple[Nasty, ...] = (
    # a terminal or a value is missing
    _deck("capacitor without a terminal", "V1 in 0 1\nR1 in out 1k\nC1 out 1n\n", Cause.MISSING_NODE),
    _deck("capacitor without a value", "V1 in 0 1\nR1 in out 1k\nC1 out 0\n", Cause.MISSING_NODE),
    _deck("resistor without a node", "V1 in 0 1\nR1 in 1k\nC1 in 0 1n\n", Cause.MISSING_NODE),
    _deck("inductor without a node", "V1 in 0 1\nR1 in out 1k\nL1 out 1u\n", Cause.MISSING_NODE),
    _deck("voltage source without a node", "V1 in 1\nR1 in 0 1k\n", Cause.MISSING_NODE),
    _deck("voltage source without anything", "V1\nR1 in 0 1k\n", Cause.MISSING_NODE),
    _deck("behavioural source without a node", RC + "B1 out V=1\n", Cause.MISSING_NODE),
    _deck("diode without a node", RC + "D1 out dm\n.model dm d\n", Cause.MISSING_NODE),
    _deck("controlled source without a node", RC + "E1 x 0 out 2\n" + LOAD, Cause.MISSING_NODE),
    _deck(
        "call with too few pins",
        ".subckt s a b\nR1 a b 1k\n.ends\nV1 in 0 1\nX1 in s\n",
        Cause.MISSING_NODE,
    ),
    _deck(
        "call with too many pins",
        ".subckt s a b\nR1 a b 1k\n.ends\nV1 in 0 1\nX1 in 0 out s\nR2 out 0 1k\n",
        Cause.MISSING_NODE,
    ),
    # names that nothing stands behind
    _deck("unknown model", RC + "D1 out 0 nope\n", Cause.UNKNOWN_MODEL),
    _deck("unknown type of model", RC + "D1 out 0 nope\n.model nope foo\n", Cause.UNKNOWN_MODEL),
    _deck("unknown sub-circuit", RC + "X1 out 0 nope\n", Cause.UNKNOWN_MODEL),
    _deck(
        "unknown code model", RC + "A1 out x nope\n.model nope notacodemodel(gain=2)\n" + LOAD, Cause.MISSING_CODE_MODEL
    ),
    _deck(
        "code model library that is not there",
        RC,
        Cause.MISSING_CODE_MODEL,
        ".control\ncodemodel /nowhere/x.cm\n.endc\n" + RUN_UIC,
    ),
    _deck("undefined parameter in .param", ".param a={x*2}\n" + RC + "R2 out 0 {a}\n", Cause.UNDEFINED_PARAMETER),
    _deck("undefined parameter in an element", RC + "R2 out 0 {nope}\n", Cause.UNDEFINED_PARAMETER),
    _deck("undefined parameter in a source", RC + "B1 x 0 V={nope}*2\n" + LOAD, Cause.UNDEFINED_PARAMETER),
    _deck("undefined parameter in .tran", RC, Cause.UNDEFINED_PARAMETER, ".tran {nope} {nope}\n.end\n"),
    _deck(
        "misspelt parameter of a sub-circuit",
        ".subckt s a b r=1k\nR1 a b {r}\n.ends\nV1 in 0 1\nX1 in 0 s rr=3\n",
        Cause.UNDEFINED_PARAMETER,
    ),
    _deck("control of a source by an element that is not there", RC + "F1 x 0 vnope 2\n" + LOAD, Cause.MISSING_NODE),
    _deck("missing include file", ".include nowhere.inc\n" + RC, Cause.MISSING_FILE),
    _deck("missing library", ".lib nowhere.lib tt\n" + RC, Cause.MISSING_FILE),
    _deck("saved node that is not there", ".save v(nope)\n" + RC, Cause.MISSING_PROBE),
    _deck("one saved node of two is not there", ".save v(nope) v(out)\n" + RC, Cause.MISSING_PROBE),
    # circuits without a solution
    _deck("two voltage sources in parallel", "V1 in 0 1\nV2 in 0 2\nR1 in 0 1k\n", Cause.SINGULAR_MATRIX),
    _deck("short-circuited voltage source", "V1 in in 1\nR1 in 0 1k\n", Cause.SINGULAR_MATRIX),
    _deck("loop of voltage sources", "V1 a 0 1\nV2 b a 1\nV3 b 0 2\nR1 b 0 1k\n", Cause.SINGULAR_MATRIX, RUN),
    _deck("floating node", RC + "R5 p q 1k\nR6 p q 1k\n", Cause.MISSING_NODE, RUN),
    _deck("controlling node that nothing drives", RC + "B1 x 0 V=v(nowhere)\n" + LOAD, Cause.MISSING_NODE, RUN),
    _deck("current source into nothing", RC + "I1 0 a 1m\n", Cause.MISSING_NODE),
    _deck("no ground", "V1 in gg 1\nR1 in gg 1k\n", Cause.MISSING_NODE, RUN),
    _deck("runaway", RC + "B1 0 x I=v(x)*v(x)\nC9 x 0 1n ic=1\n", Cause.TIMESTEP_TOO_SMALL),
    _deck("source that contradicts itself", RC + "B1 x 0 V=v(x)>0.5 ? 0 : 1\n" + LOAD, Cause.TIMESTEP_TOO_SMALL),
    _deck("no operating point", RC + "B1 x 0 V=v(x)>0.5 ? 0 : 1\n" + LOAD, Cause.NO_OPERATING_POINT, ".op\n.end\n"),
    _deck("negative resistor that explodes", RC + "R5 out 0 -5\n", Cause.TIMESTEP_TOO_SMALL),
    # arithmetic
    _deck("root of a negative number", RC + "B1 x 0 V=sqrt(v(out)-2)\n" + LOAD, Cause.NOT_FINITE, RUN),
    _deck("logarithm of a negative number", RC + "B1 x 0 V=log(v(out)-2)\n" + LOAD, Cause.NOT_FINITE, RUN),
    _deck("division by zero", RC + "B1 x 0 V=1/(v(out)-v(out))\n" + LOAD, Cause.NOT_FINITE),
    _deck("division by zero in .param", ".param a={1/0}\n" + RC + "R2 out 0 {a}\n", Cause.NOT_FINITE),
    _deck("overflow of exp", RC + "B1 x 0 V=exp(1e4*v(in))\n" + LOAD, Cause.NOT_FINITE),
    _deck("overflow of pow", RC + "B1 x 0 V=pow(1e200*v(in),3)\n" + LOAD, Cause.NOT_FINITE),
    _deck("nan as a value", RC + "R2 out 0 nan\n", Cause.NOT_FINITE),
    # text
    Nasty("empty", "", Cause.UNREADABLE),
    Nasty("blank", "\n \n\t\n", Cause.UNREADABLE),
    Nasty("zero bytes", "zero\x00bytes\n" + RC + RUN_UIC, Cause.UNREADABLE),
    Nasty("only a title", "only a title\n", Cause.NO_ANALYSIS),
    Nasty(
        "ten megabytes of comments", "big\n" + "* nothing happens here for a long time\n" * 260_000, Cause.NO_ANALYSIS
    ),
    _deck("no analysis", RC, Cause.NO_ANALYSIS, ".end\n"),
    _deck("an analysis of nothing", "", Cause.MISSING_PROBE, RUN),
    _deck("transient that ends at 0", RC, Cause.SYNTAX, ".tran 1u 0\n.end\n"),
    _deck("transient without times", RC, Cause.SYNTAX, ".tran\n.end\n"),
    _deck("unknown card", RC + ".foo bar\n", Cause.SYNTAX),
    _deck("option that is no number", ".options reltol=abc\n" + RC, Cause.SYNTAX),
    _deck("expression that does not end", RC + "B1 x 0 V=(1+v(out)\n" + LOAD, Cause.SYNTAX),
    _deck("expression with two operators", ".param a={1+*2}\n" + RC + "R2 out 0 {a}\n", Cause.SYNTAX),
    _deck("two elements of one name", RC + "R1 out 0 1k\n", Cause.SYNTAX),
    _deck(
        "sub-circuit that calls itself",
        ".subckt s a b\nR1 a b 1k\nX1 a b s\n.ends\nV1 in 0 1\nX1 in 0 s\n",
        Cause.SYNTAX,
    ),
    _deck("sub-circuit without end", ".subckt s a b\nR1 a b 1k\nV1 in 0 1\nX1 in 0 s\n", Cause.SYNTAX),
    _deck("end without sub-circuit", RC + ".ends\n", Cause.SYNTAX),
    # limits
    _deck("endless transient", "", Cause.TIME_LIMIT, ENDLESS, Limits(time_s=0.5)),
    _deck("endless output", "", Cause.OUTPUT_LIMIT, ENDLESS, Limits(time_s=20, output_bytes=500_000)),
    _deck(
        "a sub-circuit that explodes",
        _exploding_subcircuits(levels=6, calls=20) + RC,
        Cause.MEMORY_LIMIT,
        limits=Limits(time_s=20, memory_bytes=150_000_000),
    ),
    # commands
    _deck(
        "endless loop of commands",
        RC,
        Cause.TIME_LIMIT,
        ".control\nlet k=0\nwhile k < 1\nlet k=0\nend\n.endc\n" + RUN_UIC,
        Limits(time_s=0.5),
    ),
    _deck("unknown command", RC, Cause.SYNTAX, ".control\nrun\nfoobar\n.endc\n" + RUN_UIC),
    _deck(
        "command on a vector that is not there",
        RC,
        Cause.MISSING_PROBE,
        ".control\nrun\nprint v(nope)\n.endc\n" + RUN_UIC,
    ),
    _deck("commands that never end", RC, Cause.SYNTAX, ".control\nrun\n" + RUN_UIC),
)
