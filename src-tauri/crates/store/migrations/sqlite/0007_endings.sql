-- Why a campaign came to nothing (status FAILED); null for every other end.
ALTER TABLE campaigns ADD COLUMN fault TEXT;
