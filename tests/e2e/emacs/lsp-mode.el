;;; lsp-mode.el --- The gestures in lsp-mode  -*- lexical-binding: t -*-

(require 'flymake)

(setq lsp-auto-guess-root t
      lsp-enable-suggest-server-download nil
      lsp-session-file (expand-file-name "session" (getenv "HOME"))
      lsp-idle-delay 0.1
      lsp-diagnostics-provider :none
      lsp-restart 'ignore
      ;; Ask even where there is one choice only, as it is recorded.
      lsp-auto-execute-action nil)

(defun drive-connected ()
  ;; Deferred work waits for an idle moment, and batch mode has none.
  (unless (bound-and-true-p lsp-mode) (lsp))
  (and (lsp-workspaces)
       (cl-every (lambda (workspace)
                   (eq 'initialized (lsp--workspace-status workspace)))
                 (lsp-workspaces))))

(defun drive-hints ()
  (let ((found nil))
    (maphash (lambda (_file diagnostics)
               (dolist (diagnostic (append diagnostics nil))
                 (push (gethash "message" diagnostic "") found)))
             (lsp-diagnostics))
    found))

(defun drive-choose (prefix)
  (setq drive-prefix prefix)
  (call-interactively #'lsp-execute-code-action))
