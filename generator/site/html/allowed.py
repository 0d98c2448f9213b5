"""What pages may be made of: the allow-lists of the audit."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VOID = frozenset(
    ("area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)

_TEXT = """
    a abbr b bdi bdo blockquote br cite code data dd del details dfn div dl dt em figcaption figure
    footer h1 h2 h3 h4 h5 h6 header hr i ins kbd li mark nav ol output p pre q rp rt ruby s samp
    section article aside small span strong sub summary sup time u ul var wbr img
"""
_TABLE = "table caption colgroup col thead tbody tfoot tr th td"
_FIELDS = "button fieldset input label legend meter optgroup option progress select"
_DRAWING = """
    svg circle clipPath defs desc ellipse g line linearGradient marker path pattern polygon
    polyline rect stop symbol text title tspan use
"""

#: Elements of generated bodies: no script, style, form, frame, base, meta or link.
BODY_ELEMENTS = _words(f"{_TEXT} {_TABLE} {_FIELDS} {_DRAWING}")

#: Elements of whole documents, the theme's own among them.
PAGE_ELEMENTS = BODY_ELEMENTS | frozenset(
    ("html", "head", "body", "meta", "title", "link", "script", "style", "main", "form")
)

GLOBAL_ATTRIBUTES = frozenset(
    ("class", "dir", "hidden", "id", "lang", "role", "style", "tabindex", "title", "translate")
)

#: Attributes that hold one address.
URL_ATTRIBUTES = frozenset(("cite", "href", "src"))

#: Attributes of drawings that may refer to something by url().
REFERRING = frozenset(("clip-path", "fill", "stroke"))

_PAINT = _words(
    """
    clip-path clip-rule d dominant-baseline dx dy fill fill-opacity fill-rule focusable font-size
    font-weight height offset opacity pathLength points preserveAspectRatio r rx ry shape-rendering
    stop-color stroke stroke-dasharray stroke-linecap stroke-linejoin stroke-opacity stroke-width
    text-anchor transform vector-effect viewBox width x x1 x2 xmlns y y1 y2 cx cy
    """
)
_CELL = frozenset(("abbr", "colspan", "headers", "rowspan", "scope"))
_DRAWN = _words(_DRAWING) - {"title", "desc"}

BODY_ATTRIBUTES: dict[str, frozenset[str]] = {
    **dict.fromkeys(_DRAWN, _PAINT),
    "use": _PAINT | {"href"},
    "linearGradient": _PAINT | {"gradientUnits", "gradientTransform"},
    "pattern": _PAINT | {"patternUnits", "patternTransform", "patternContentUnits"},
    "marker": _PAINT | {"markerWidth", "markerHeight", "refX", "refY", "orient"},
    "a": frozenset(("download", "href", "hreflang", "rel", "type")),
    "blockquote": frozenset(("cite",)),
    "button": frozenset(("disabled", "name", "type", "value")),
    "col": frozenset(("span",)),
    "colgroup": frozenset(("span",)),
    "data": frozenset(("value",)),
    "del": frozenset(("cite", "datetime")),
    "details": frozenset(("name", "open")),
    "fieldset": frozenset(("disabled", "name")),
    "img": frozenset(("alt", "decoding", "height", "loading", "src", "width")),
    "input": _words(
        """
        autocomplete checked disabled inputmode list max maxlength min name placeholder readonly
        required size spellcheck step type value
        """
    ),
    "ins": frozenset(("cite", "datetime")),
    "label": frozenset(("for",)),
    "li": frozenset(("value",)),
    "meter": frozenset(("high", "low", "max", "min", "optimum", "value")),
    "ol": frozenset(("reversed", "start", "type")),
    "optgroup": frozenset(("disabled", "label")),
    "option": frozenset(("disabled", "label", "selected", "value")),
    "output": frozenset(("for", "name")),
    "progress": frozenset(("max", "value")),
    "q": frozenset(("cite",)),
    "select": frozenset(("autocomplete", "disabled", "multiple", "name", "size")),
    "td": _CELL,
    "th": _CELL,
    "time": frozenset(("datetime",)),
}

#: What the theme's own markup has beyond that.
PAGE_ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset(("target",)),
    "form": frozenset(("name",)),
    "html": frozenset(("lang",)),
    "input": frozenset(("autocapitalize", "autocorrect")),
    "link": frozenset(("href", "hreflang", "rel", "type")),
    "meta": frozenset(("charset", "content", "name", "property")),
    "script": frozenset(("async", "defer", "src", "type")),
}
