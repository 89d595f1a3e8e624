;;; eglot.el --- The gestures in eglot  -*- lexical-binding: t -*-

(require 'flymake)

(setq eglot-confirm-server-initiated-edits nil
      eglot-confirm-server-edits nil
      eglot-sync-connect 30)

(defun drive-connected () (and (eglot-current-server) t))

(defun drive-hints ()
  (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))

(defun drive-choose (prefix)
  (setq drive-prefix prefix)
  (let ((here (point)))
    (eglot-code-actions here here nil t)))
