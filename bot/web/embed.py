"""What a clinic pastes into its pages."""

from html import escape

from bot.model.site import Site, Theme
from bot.web.widget import files

_SNIPPET = """\
Before </body> of every page that shall have the chat in its corner:

<script type="module" src="{src}"
  integrity="{integrity}" crossorigin="anonymous"
  data-site="{site}"{look}></script>

Or in the middle of one page:

<script type="module" src="{src}"
  integrity="{integrity}" crossorigin="anonymous"></script>
<supple-chat site="{site}" mode="inline"{inline}></supple-chat>

Or in a frame, which keeps the two pages apart:

<iframe src="{base}/frame?site={site}" title="Chat of {name}" width="420" height="720"></iframe>

The file at that address never changes. After an update of Supple, run this again and paste the new lines; or leave
integrity out and use {base}/widget.js, which is always the newest.

Where the pages send a Content-Security-Policy, add to it:

  script-src {base}; connect-src {base}; form-action {base}{images}
  (for the frame only: frame-src {base})
"""


def snippet(site: Site, base: str) -> str:
    """The lines to paste for this site, of a service that browsers reach at `base`."""
    file = files()["widget.js"]
    given = {"accent": site.theme.accent, "on-accent": site.theme.on_accent, "position": site.position}
    usual = {"accent": Theme().accent, "on-accent": Theme().on_accent, "position": Site(name="").position}
    look = {name: value for name, value in given.items() if value != usual[name]}
    logo = site.logo or ""
    images = f"; img-src {'/'.join(logo.split('/')[:3]) if logo.startswith('https://') else base}" if logo else ""
    return _SNIPPET.format(
        src=f"{base}{file.address}",
        integrity=file.integrity,
        site=site.id,
        name=escape(site.name),
        base=base,
        look="".join(f' data-{name}="{value}"' for name, value in look.items()),
        inline="".join(f' {name}="{value}"' for name, value in look.items() if name != "position"),
        images=images,
    )
