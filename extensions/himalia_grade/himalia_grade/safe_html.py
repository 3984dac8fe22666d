"""HTML that a stranger wrote, made harmless: no script, no style, nothing that is loaded from anywhere."""

import html
from collections.abc import Mapping

import nh3
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

_TAGS = frozenset(
    """a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i
    img ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr tt u ul
    var""".split()  # noqa: SIM905 -- a list of 60 words is read more easily so
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height", "title"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "ol": {"start"},
    "table": {"border"},
}
_ATTACHMENT = "attachment:"
_PICTURES = ("data:image/png;", "data:image/jpeg;", "data:image/gif;", "data:image/webp;", "data:image/svg+xml;")


def clean(markup: str) -> str:
    """The markup with what is not on the list of harmless things taken out."""
    return nh3.clean(
        markup,
        tags=set(_TAGS),
        clean_content_tags={"script", "style", "title", "textarea", "noscript", "template"},
        attributes=_ATTRIBUTES,
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer nofollow",
    )


def from_markdown(text: str, attachments: Mapping[str, Mapping[str, str]]) -> str:
    """A notebook's Markdown as harmless HTML; formulas stay as they are written."""
    pictures = {name: dict(forms) for name, forms in attachments.items() if isinstance(forms, Mapping)}
    renderer = _Renderer(escape=False, allow_harmful_protocols=False, attachments=pictures, exclude_anchor_links=True)
    try:
        return clean(str(MarkdownWithMath(renderer=renderer).render(text)))
    except Exception:  # a stranger's text: what cannot be rendered is shown as it was written
        return f"<pre>{html.escape(text)}</pre>"


class _Renderer(IPythonRenderer):
    def _embed_image_or_attachment(self, src: str) -> str:
        """A picture that the cell names and has not got is no reason to show nothing."""
        missing = src.startswith(_ATTACHMENT) and src.removeprefix(_ATTACHMENT) not in self.attachments
        return "" if missing else str(super()._embed_image_or_attachment(src))


def picture(kind: str, data: str, text: str) -> str:
    """A picture inside the page. A drawing (SVG) comes this way too: in an `img` nothing of it runs or loads."""
    return f'<img src="data:{html.escape(kind)};base64,{html.escape(data)}" alt="{html.escape(text)}">'


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """Only pictures that are in the page, only links that say where they go."""
    if (tag, attribute) == ("img", "src"):
        return value if value.lower().startswith(_PICTURES) else None
    if (tag, attribute) == ("a", "href"):
        return value if value.lower().startswith(("http://", "https://", "mailto:", "#")) else None
    return value
