-- What the fourth version made of a new store.
CREATE TABLE task (
	id VARCHAR(16) NOT NULL, 
	created FLOAT NOT NULL, 
	checkout TEXT NOT NULL, 
	common_dir TEXT NOT NULL, 
	path TEXT NOT NULL, 
	line INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	handle VARCHAR(16), 
	digest VARCHAR(64) NOT NULL, 
	base VARCHAR(64) NOT NULL, 
	agent TEXT NOT NULL, 
	wish TEXT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	reasons TEXT NOT NULL, 
	outcome VARCHAR(16), 
	question TEXT, 
	detail TEXT, 
	remarks TEXT NOT NULL, 
	head VARCHAR(64), 
	rank INTEGER NOT NULL, 
	fresh BOOLEAN NOT NULL, 
	cancel_requested BOOLEAN NOT NULL, 
	action VARCHAR(32) DEFAULT '' NOT NULL, 
	held_for VARCHAR(16), 
	held_why TEXT, 
	held_until FLOAT, 
	decided FLOAT, 
	PRIMARY KEY (id)
);
CREATE INDEX task_handle ON task (checkout, handle);
CREATE INDEX task_open ON task (state) WHERE state IN ('waiting', 'running', 'review');
CREATE INDEX task_newest ON task (checkout, created);
CREATE INDEX task_revision ON task (checkout, digest);
CREATE TABLE run (
	task VARCHAR(16) NOT NULL, 
	number INTEGER NOT NULL, 
	agent TEXT NOT NULL, 
	epoch INTEGER NOT NULL, 
	starts INTEGER NOT NULL, 
	started FLOAT, 
	ended FLOAT, 
	outcome VARCHAR(16), 
	reason TEXT, 
	input INTEGER NOT NULL, 
	cache_read INTEGER NOT NULL, 
	cache_write INTEGER NOT NULL, 
	output INTEGER NOT NULL, 
	cost_usd FLOAT, 
	head VARCHAR(64), 
	claim TEXT, 
	sandbox VARCHAR(16), 
	last_start FLOAT, 
	rounds INTEGER, 
	seconds FLOAT DEFAULT '0' NOT NULL, 
	PRIMARY KEY (task, number)
);
CREATE TABLE phase (
	task VARCHAR(16) NOT NULL, 
	run INTEGER NOT NULL, 
	round INTEGER NOT NULL, 
	name VARCHAR(16) NOT NULL, 
	epoch INTEGER NOT NULL, 
	value TEXT NOT NULL, 
	at FLOAT NOT NULL, 
	UNIQUE (task, run, round, name)
);
CREATE TABLE turn (
	task VARCHAR(16) NOT NULL, 
	run INTEGER NOT NULL, 
	round INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	"offset" INTEGER NOT NULL, 
	tree VARCHAR(64) NOT NULL, 
	at FLOAT NOT NULL, 
	UNIQUE (task, run, round, number)
);
CREATE TABLE gate_run (
	task VARCHAR(16) NOT NULL, 
	run INTEGER NOT NULL, 
	round INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	result VARCHAR(16) NOT NULL, 
	reason TEXT, 
	duration_s FLOAT NOT NULL, 
	exit_code INTEGER, 
	log TEXT, 
	tree VARCHAR(64) NOT NULL, 
	required BOOLEAN NOT NULL, 
	criterion INTEGER, 
	UNIQUE (task, run, round, position)
);
CREATE TABLE finding (
	task VARCHAR(16) NOT NULL, 
	run INTEGER NOT NULL, 
	round INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	gate TEXT NOT NULL, 
	rule TEXT NOT NULL, 
	level VARCHAR(16) NOT NULL, 
	message TEXT NOT NULL, 
	path TEXT, 
	line INTEGER, 
	"column" INTEGER, 
	end_line INTEGER, 
	end_column INTEGER, 
	state VARCHAR(16) NOT NULL, 
	fingerprint TEXT NOT NULL
);
CREATE INDEX finding_of_gate ON finding (task, run, round, position);
CREATE TABLE verdict (
	task VARCHAR(16) NOT NULL, 
	run INTEGER NOT NULL, 
	hunk VARCHAR(32) NOT NULL, 
	accepted BOOLEAN NOT NULL, 
	final BOOLEAN NOT NULL, 
	viewer TEXT NOT NULL, 
	at FLOAT NOT NULL, 
	UNIQUE (task, run, hunk)
);
CREATE TABLE consent (
	root TEXT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	at FLOAT NOT NULL, 
	UNIQUE (root, digest)
);
CREATE TABLE pause (
	cause VARCHAR(16) NOT NULL, 
	at FLOAT NOT NULL, 
	PRIMARY KEY (cause)
);
CREATE TABLE outbox (
	task VARCHAR(16) NOT NULL, 
	run INTEGER NOT NULL, 
	need VARCHAR(16) NOT NULL, 
	at FLOAT NOT NULL, 
	shown FLOAT, 
	posted FLOAT, 
	tries INTEGER NOT NULL, 
	next_at FLOAT NOT NULL, 
	UNIQUE (task, run, need)
);
CREATE INDEX outbox_untold ON outbox (at) WHERE (shown IS NULL OR posted IS NULL);
PRAGMA user_version = 4;
