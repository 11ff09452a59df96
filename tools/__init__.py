"""What makes things of the chapters: the site, notebooks, records, other editions."""

import sys

# jsonschema, which reads notebooks, would build 38 grammars for a format that no notebook has: over a second a process.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
