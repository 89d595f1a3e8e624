;;; drive.el --- What a person does in Emacs, and a record of it as JSON  -*- lexical-binding: t -*-

;; The gestures that differ between the two clients stand in eglot.el and lsp-mode.el.

(require 'json)
(require 'cl-lib)

(defvar drive-record (list))
(defvar drive-prefix "")
(defvar drive-seen nil)
(defconst drive-patience 90)

(defun drive-note (key value)
  (setq drive-record (append drive-record (list (cons key value)))))

(defun drive-leave ()
  (drive-note "seen" (vconcat (reverse drive-seen)))
  (with-temp-file (getenv "ORPS_RECORD")
    (insert (json-encode drive-record)))
  (kill-emacs 0))

(defun drive-expect (what condition)
  "Let Emacs work until CONDITION holds."
  (let ((end (+ (float-time) drive-patience)))
    (while (and (not (funcall condition)) (< (float-time) end))
      (accept-process-output nil 0.05))
    (unless (funcall condition)
      (drive-note "failure" (concat "waited in vain for " what))
      (drive-note "messages" (with-current-buffer "*Messages*" (buffer-string)))
      (drive-leave))))

(defun drive-answer (_prompt collection &rest _)
  "Choose the first of COLLECTION that begins as wished, as a person would."
  (let ((titles (all-completions "" collection)))
    (dolist (title titles) (cl-pushnew title drive-seen :test #'equal))
    (or (cl-find-if (lambda (title) (string-prefix-p drive-prefix title)) titles)
        (progn (drive-note "failure" (concat "nothing begins with " drive-prefix))
               (drive-note "offered" (vconcat titles))
               (drive-leave)))))

(setq completing-read-function #'drive-answer
      ;; Without it a choice would be asked for by a menu, which batch mode has none of.
      last-nonmenu-event ?x
      inhibit-message t)

(defun drive-hint ()
  (cl-find-if (lambda (text) (string-match-p "best passes" text)) (drive-hints)))

(defun drive ()
  (find-file (getenv "ORPS_FILE"))
  ;; Both clients connect after the command, and batch mode has no command loop.
  (run-hooks 'post-command-hook)
  (drive-expect "the server" #'drive-connected)
  (goto-char (point-min))
  (search-forward "def ")
  (drive-note "before" (buffer-string))
  (drive-choose "Generate with ORPS")
  (drive-expect "the candidates"
                (lambda ()
                  (let ((hint (drive-hint)))
                    (and hint (not (string-match-p "searching" hint))))))
  (drive-note "hint" (drive-hint))
  (buffer-enable-undo)
  (undo-boundary)
  ;; Typed after the search, above the function: the edit has to follow it.
  (save-excursion (goto-char (point-min)) (insert "# typed later, 😀\n"))
  (undo-boundary)
  (let ((edited (buffer-string)))
    (drive-choose "ORPS #1")
    (drive-expect "the edit" (lambda () (not (equal (buffer-string) edited))))
    (undo-boundary)
    (drive-note "after" (buffer-string))
    (setq last-command nil)
    (undo)
    (drive-note "undone" (json-encode (equal (buffer-string) edited)))
    (undo-boundary)
    (setq last-command nil)
    (undo))
  (save-buffer)
  (drive-leave))
