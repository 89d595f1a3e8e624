"""What four kinds of editors declare, reduced to what this server looks at."""

from typing import Any

Json = dict[str, Any]

VSCODE: Json = {
    "workspace": {
        "applyEdit": True,
        "workspaceEdit": {"documentChanges": True, "normalizesLineEndings": True},
        "didChangeConfiguration": {"dynamicRegistration": True},
        "configuration": True,
        "workspaceFolders": True,
        "codeLens": {"refreshSupport": True},
    },
    "textDocument": {
        "publishDiagnostics": {"versionSupport": False},
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["refactor"]}},
            "isPreferredSupport": True,
            "disabledSupport": True,
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit", "command"]},
            "tagSupport": {"valueSet": [1]},
        },
    },
    "window": {"workDoneProgress": True, "showDocument": {"support": True}},
    "general": {"positionEncodings": ["utf-16"]},
}

NEOVIM: Json = {
    "workspace": {
        "applyEdit": True,
        "workspaceEdit": {"resourceOperations": ["rename", "create", "delete"]},
        "configuration": True,
        "workspaceFolders": True,
    },
    "textDocument": {
        "publishDiagnostics": {"relatedInformation": True},
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["refactor"]}},
            "dataSupport": True,
            "isPreferredSupport": True,
            "resolveSupport": {"properties": ["edit", "command"]},
        },
    },
    "window": {"workDoneProgress": True},
    "general": {"positionEncodings": ["utf-8", "utf-16", "utf-32"]},
}

EGLOT_1_9: Json = {
    "workspace": {
        "applyEdit": True,
        "workspaceEdit": {"documentChanges": True},
        "configuration": True,
        "workspaceFolders": True,
    },
    "textDocument": {
        "publishDiagnostics": {"relatedInformation": False},
        "hover": {"contentFormat": ["plaintext"]},
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["refactor"]}},
            "isPreferredSupport": True,
        },
    },
    "experimental": {},
}
"""Never resolves an action, shows no progress."""

ALE: Json = {
    "workspace": {
        "applyEdit": False,
        "configuration": False,
        "workspaceFolders": False,
    },
    "textDocument": {
        "publishDiagnostics": {"relatedInformation": True},
        "hover": {"contentFormat": ["plaintext"]},
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}
        },
    },
}
"""Neither resolves nor can be sent edits."""

VSCODE_FULL: Json = {
    **VSCODE,
    "workspace": {
        **VSCODE["workspace"],
        "workspaceEdit": {
            "documentChanges": True,
            "changeAnnotationSupport": {"groupsOnLabel": True},
        },
        "inlayHint": {"refreshSupport": True},
        "textDocumentContent": {"dynamicRegistration": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
    },
    "textDocument": {
        **VSCODE["textDocument"],
        "codeAction": {
            **VSCODE["textDocument"]["codeAction"],
            "honorsChangeAnnotations": True,
        },
        "inlineCompletion": {},
        "inlayHint": {},
    },
    "experimental": {"serverStatusNotification": True},
}
"""With what LSP 3.18 added."""

EGLOT_1_17: Json = {
    **EGLOT_1_9,
    "textDocument": {
        **EGLOT_1_9["textDocument"],
        "codeAction": {
            **EGLOT_1_9["textDocument"]["codeAction"],
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit", "command"]},
        },
    },
    "window": {"workDoneProgress": True},
    "general": {"positionEncodings": ["utf-32", "utf-8", "utf-16"]},
}

PROFILES = {
    "vscode": VSCODE,
    "neovim": NEOVIM,
    "eglot-1.9": EGLOT_1_9,
    "eglot-1.17": EGLOT_1_17,
    "ale": ALE,
}
