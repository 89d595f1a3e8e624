"""`orps.status`: how the server is, in one answer."""

import platform
from urllib.parse import urlsplit

from orps_server import __version__
from orps_server.daily_tokens import DailyTokens
from orps_server.endpoint import configured_endpoint
from orps_server.language_server import OrpsLanguageServer
from orps_server.lsp_ext import PROTOCOL_VERSION
from orps_server.server_status import latest_tier
from orps_server.to_proto import fault_data


def status(server: OrpsLanguageServer) -> dict[str, object]:
    searches = server.session.searches
    endpoint = configured_endpoint(server.configuration.known.llm)
    faults = [search.progress.fault for search in searches if search.progress.fault]
    tier = latest_tier(searches)
    calls = [search.progress.usage.calls for search in searches]
    tokens = (sum(c.input_tokens for c in calls), sum(c.output_tokens for c in calls))
    return {
        "health": "ok",
        "version": __version__,
        "protocol": PROTOCOL_VERSION,
        "python": platform.python_version(),
        "endpoint": urlsplit(endpoint.base_url).hostname if endpoint else None,
        "sandbox": tier.value if tier else None,
        "tokens": {
            "input": tokens[0],
            "output": tokens[1],
            "today": DailyTokens().spent(),
        },
        "lastFault": fault_data(faults[-1]) if faults else None,
        "searches": {
            "known": len(searches),
            "running": sum(search.is_running for search in searches),
        },
    }
