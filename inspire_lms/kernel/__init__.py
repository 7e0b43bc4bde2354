"""What every plugin may rely on.

The kernel knows the contracts and never a plugin. It promises: one way to say no (errors), to read the
time (clock), to speak four languages (i18n), to store (db), to tell and to ask (bus), to do later what must
not be lost (jobs), to remember who did what (audit), to write to people (mail), to keep their files
(files), to draw a chart (charts), to write a document that everybody can read (pdf), and to take plugins in
and out (plugin); above these who may do what (access), people, curriculum, programmes, and the pages that all
share (web).
"""
