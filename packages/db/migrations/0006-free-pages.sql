-- Filled and emptied again, it leaves free pages in the file: room on a full disk that nobody else can take.
CREATE TABLE filling (bytes BLOB NOT NULL) STRICT;
