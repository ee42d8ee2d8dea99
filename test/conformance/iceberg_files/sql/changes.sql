-- Rows and columns that change, statement by statement.

-- table: schema_evolution
CREATE TABLE proof.schema_evolution (id INTEGER NOT NULL, f FLOAT, dec DECIMAL(9,2), name VARCHAR, gone VARCHAR);
INSERT INTO proof.schema_evolution VALUES (1, 1.5, 1.25, 'one', 'old'), (2, NULL, NULL, NULL, NULL);
ALTER TABLE proof.schema_evolution ALTER COLUMN id TYPE BIGINT;
ALTER TABLE proof.schema_evolution ALTER COLUMN f TYPE DOUBLE;
ALTER TABLE proof.schema_evolution ALTER COLUMN dec TYPE DECIMAL(18,2);
ALTER TABLE proof.schema_evolution RENAME COLUMN name TO title;
ALTER TABLE proof.schema_evolution DROP COLUMN gone;
INSERT INTO proof.schema_evolution VALUES (1099511627776, 1e300, 9999999999999999.99, 'two');
ALTER TABLE proof.schema_evolution ADD COLUMN gone BIGINT;
INSERT INTO proof.schema_evolution VALUES (3, 3.0, 3.00, 'three', 33);
ALTER TABLE proof.schema_evolution ALTER COLUMN id DROP NOT NULL;
INSERT INTO proof.schema_evolution (title) VALUES ('four');

-- table: nested_evolution
CREATE TABLE proof.nested_evolution (id INTEGER, st STRUCT(a INTEGER, b VARCHAR));
INSERT INTO proof.nested_evolution VALUES (1, {a: 1, b: 'x'}), (2, NULL);
ALTER TABLE proof.nested_evolution ADD COLUMN st.c TIMESTAMP;
INSERT INTO proof.nested_evolution VALUES (3, {a: 3, b: 'z', c: '2024-01-01'});
ALTER TABLE proof.nested_evolution RENAME COLUMN st.b TO bee;
ALTER TABLE proof.nested_evolution DROP COLUMN st.a;
INSERT INTO proof.nested_evolution VALUES (4, {bee: 'q', c: NULL});

-- table: deleted_and_updated
CREATE TABLE proof.deleted_and_updated (id BIGINT, category VARCHAR, amount DECIMAL(9,2)) PARTITIONED BY (category);
INSERT INTO proof.deleted_and_updated SELECT i, 'c' || (i % 3), i * 1.25 FROM range(20) t(i);
INSERT INTO proof.deleted_and_updated SELECT i, NULL, NULL FROM range(20, 25) t(i);
DELETE FROM proof.deleted_and_updated WHERE id IN (0, 4, 21);
UPDATE proof.deleted_and_updated SET amount = amount + 100, category = 'moved' WHERE id % 6 = 1;
DELETE FROM proof.deleted_and_updated WHERE category = 'c2';
UPDATE proof.deleted_and_updated SET amount = 0 WHERE amount IS NULL;

-- table: merged
CREATE TABLE proof.merged (id BIGINT, name VARCHAR, n INTEGER) PARTITIONED BY (bucket(4, id));
INSERT INTO proof.merged SELECT i, 'n' || i, i FROM range(12) t(i);
MERGE INTO proof.merged t USING (SELECT i AS id, 's' || i AS name FROM range(8, 16) r(i)) s ON t.id = s.id
  WHEN MATCHED AND s.id = 9 THEN DELETE WHEN MATCHED THEN UPDATE SET name = s.name, n = t.n + 1000
  WHEN NOT MATCHED THEN INSERT (id, name) VALUES (s.id, s.name);

-- table: emptied
CREATE TABLE proof.emptied (id BIGINT, s VARCHAR);
INSERT INTO proof.emptied VALUES (1, 'a'), (2, 'b');
DELETE FROM proof.emptied;

-- table: truncated
CREATE TABLE proof.truncated (id BIGINT, s VARCHAR);
INSERT INTO proof.truncated VALUES (1, 'a'), (2, 'b');
TRUNCATE proof.truncated;
INSERT INTO proof.truncated VALUES (3, 'c');

-- table: made_as
CREATE TABLE proof.made_as PARTITIONED BY (day(ts)) AS
  SELECT i AS id, TIMESTAMP '2024-05-01' + to_hours(i * 7) AS ts, {x: i, y: [i, i + 1]} AS st, (i / 3)::DECIMAL(12,4) AS q FROM range(50) t(i);

-- table: replaced
CREATE TABLE proof.replaced (id BIGINT, old VARCHAR);
INSERT INTO proof.replaced VALUES (1, 'x');
CREATE OR REPLACE TABLE proof.replaced (k VARCHAR, id INTEGER);
INSERT INTO proof.replaced VALUES ('new', 1);

-- table: together
CREATE TABLE proof.together (id BIGINT, s VARCHAR);
BEGIN;
INSERT INTO proof.together VALUES (1, 'a'), (2, 'b');
UPDATE proof.together SET s = 'c' WHERE id = 1;
INSERT INTO proof.together VALUES (3, 'd');
COMMIT;
BEGIN;
DELETE FROM proof.together;
ROLLBACK;

-- table: renamed
CREATE TABLE proof.before_rename (id BIGINT);
INSERT INTO proof.before_rename VALUES (1);
ALTER TABLE proof.before_rename RENAME TO renamed;
INSERT INTO proof.renamed VALUES (2);
