-- Every type at its limits. Each block of statements under "-- table:" makes one table in schema proof.

-- table: all_types
CREATE TABLE proof.all_types (
  id BIGINT NOT NULL, b BOOLEAN, i INTEGER, l BIGINT, f FLOAT, d DOUBLE, dt DATE, tm TIME,
  ts TIMESTAMP, tz TIMESTAMPTZ, s VARCHAR, u UUID, bn BLOB,
  d1 DECIMAL(1,0), d4 DECIMAL(4,2), d9 DECIMAL(9,2), d9f DECIMAL(9,9), d10 DECIMAL(10,3),
  d18 DECIMAL(18,6), d19 DECIMAL(19,0), d27 DECIMAL(27,9), d38 DECIMAL(38,10), d38f DECIMAL(38,38));
INSERT INTO proof.all_types VALUES
  (0, true, 2147483647, 9223372036854775807, 3.4028234663852886e38, 1.7976931348623157e308,
   '9999-12-31', '23:59:59.999999', '9999-12-31 23:59:59.999999', '9999-12-31 23:59:59.999999+00',
   '', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF',
   '9', '99.99', '9999999.99', '0.999999999', '9999999.999', '999999999999.999999', '9999999999999999999',
   '999999999999999999.999999999', '9999999999999999999999999999.9999999999', '0.99999999999999999999999999999999999999'),
  (1, false, -2147483648, -9223372036854775808, -1.5, -2.5,
   '0001-01-01', '00:00:00', '1582-10-10 01:00:00', '1900-01-01 00:00:00+00',
   'a', '00000000-0000-0000-0000-000000000000', '',
   '-9', '-99.99', '-9999999.99', '-0.999999999', '-9999999.999', '-999999999999.999999', '-9999999999999999999',
   '-999999999999999999.999999999', '-9999999999999999999999999999.9999999999', '-0.99999999999999999999999999999999999999'),
  (2, NULL, 0, 0, 0.0, 5e-324,
   '1970-01-01', '00:00:00.000001', '1970-01-01 00:00:00', '1970-01-01 00:00:00+00',
   'żółć 日本語 🚀', 'f79c3e09-677c-4bbd-a479-3f349cb785e7', '\x00',
   '0', '0', '0', '0', '0', '0', '0', '0', '0', '0'),
  (3, true, 1, 1, -0.0, -0.0,
   '1969-12-31', '12:34:56.789012', '1969-12-31 23:59:59.999999', '1969-12-31 23:59:59.000001+00',
   E'line\nbreak "quote" \\ tab\t', '80000000-0000-0000-0000-000000000000', 'abc\x00\xE6',
   '1', '0.01', '0.01', '0.000000001', '0.001', '0.000001', '1', '0.000000001', '0.0000000001', '0.00000000000000000000000000000000000001'),
  (4, false, -1, -1, 0.1, 0.1,
   '2024-02-29', '01:00:00', '2024-02-29 12:34:56.789012', '2024-03-31 01:30:00.000001+00',
   ' a ', '7fffffff-ffff-ffff-ffff-ffffffffffff', 'plain',
   '-1', '-0.01', '-0.01', '-0.000000001', '-0.001', '-0.000001', '-1', '-0.000000001', '-0.0000000001', '-0.00000000000000000000000000000000000001');
INSERT INTO proof.all_types (id) VALUES (5), (6);
INSERT INTO proof.all_types (id, s, d38) VALUES (7, 'only some', 1.5);

-- table: not_finite
CREATE TABLE proof.not_finite (id INTEGER, f FLOAT, d DOUBLE);
INSERT INTO proof.not_finite VALUES (0, 'nan', 'nan'), (1, 'inf', 'inf'), (2, '-inf', '-inf'), (3, NULL, NULL), (4, 1.5, 1.5);
INSERT INTO proof.not_finite VALUES (10, 'nan', 'nan'), (11, 'nan', 'nan');
INSERT INTO proof.not_finite VALUES (20, -0.0, -0.0), (21, 0.0, 0.0);

-- table: nested
CREATE TABLE proof.nested (
  id BIGINT, st STRUCT(a INTEGER, inn STRUCT(x VARCHAR, y BIGINT[])), li INTEGER[],
  ls STRUCT(p INTEGER, q VARCHAR)[], ll INTEGER[][], ms MAP(VARCHAR, STRUCT(v DOUBLE)),
  ml MAP(INTEGER, VARCHAR[]), md MAP(DATE, DECIMAL(9,2)), deep STRUCT(l STRUCT(m MAP(VARCHAR, INTEGER[]))[]));
INSERT INTO proof.nested VALUES
  (1, {a: 1, inn: {x: 'one', y: [1, 2]}}, [1, NULL, 3], [{p: 1, q: 'a'}, {p: 2, q: NULL}], [[1], [2, 3], []],
   MAP {'k1': {v: 1.5}, 'k2': {v: NULL}}, MAP {1: ['a', NULL], 2: []}, MAP {DATE '2024-01-01': 1.25},
   {l: [{m: MAP {'z': [7, 8]}}]}),
  (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (3, {a: NULL, inn: NULL}, [], [], [], MAP {}, MAP {}, MAP {}, {l: NULL});
INSERT INTO proof.nested VALUES
  (4, {a: 4, inn: {x: NULL, y: NULL}}, [NULL], [NULL, {p: NULL, q: NULL}], [NULL, [NULL], []],
   MAP {'': NULL, 'ż': {v: -0.5}}, MAP {3: NULL}, MAP {DATE '1969-12-31': NULL},
   {l: [NULL, {m: NULL}, {m: MAP {}}, {m: MAP {'k': NULL}}]});

-- table: nested_types
CREATE TABLE proof.nested_types (id INTEGER, st STRUCT(b BOOLEAN, d DECIMAL(30,4), t TIME, ts TIMESTAMP, tz TIMESTAMPTZ,
  u UUID, bn BLOB, f FLOAT), l_ts TIMESTAMPTZ[], l_u UUID[], l_d DECIMAL(5,1)[], m MAP(UUID, BLOB), mt MAP(TIMESTAMP, TIME));
INSERT INTO proof.nested_types VALUES
  (1, {b: true, d: -12345678901234567890123456.7891, t: '12:34:56.789', ts: '1969-07-20 20:17:40.5', tz: '2024-03-31 01:30:00+00',
       u: 'f79c3e09-677c-4bbd-a479-3f349cb785e7', bn: '\x00\xFF', f: 0.1}, ['2024-01-01 00:00:00+00', NULL], ['f79c3e09-677c-4bbd-a479-3f349cb785e7'],
   [1.5, -9999.9], MAP {'f79c3e09-677c-4bbd-a479-3f349cb785e7'::UUID: '\x01\x02'::BLOB}, MAP {TIMESTAMP '2020-02-02 02:02:02': TIME '03:03:03'}),
  (2, NULL, NULL, NULL, NULL, NULL, NULL);

-- table: required
CREATE TABLE proof.required (id BIGINT NOT NULL, s VARCHAR NOT NULL, st STRUCT(a INTEGER) NOT NULL, li INTEGER[] NOT NULL);
INSERT INTO proof.required VALUES (1, 'x', {a: 1}, [1]), (2, '', {a: NULL}, []);

-- table: many_rows
CREATE TABLE proof.many_rows (id BIGINT, s VARCHAR, d DECIMAL(18,4), ts TIMESTAMP, li INTEGER[]);
INSERT INTO proof.many_rows SELECT i, 'text ' || (i * 7919 % 1000), (i * 31 % 100000)::DECIMAL(18,4) / 100,
  TIMESTAMP '2024-01-01' + to_seconds(i * 61), CASE WHEN i % 5 = 0 THEN NULL ELSE range(i::INTEGER % 4) END FROM range(30000) t(i);

-- table: long_texts
CREATE TABLE proof.long_texts (id INTEGER, s VARCHAR, b BLOB);
INSERT INTO proof.long_texts SELECT i, repeat(c, 16) || tail, encode(repeat(c, 16) || tail)
  FROM (SELECT * FROM (VALUES (0, 'a'), (10, 'm'), (20, 'z'), (30, '🚀')) v(n, c), (VALUES (1, ''), (2, 'a'), (3, 'zzzz'), (4, '🚀')) w(k, tail)) x,
  LATERAL (SELECT n + k AS i);
INSERT INTO proof.long_texts VALUES (90, 'b', '\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF');

-- table: odd_names
CREATE TABLE proof.odd_names (id INTEGER, "a b" INTEGER, "a.b" INTEGER, "żółć" INTEGER, "1st" INTEGER, "select" INTEGER,
  "quo""te" INTEGER, "UPPER" INTEGER, "日本" INTEGER, "x-y" INTEGER, "c%20" INTEGER, st STRUCT("in ner" VARCHAR));
INSERT INTO proof.odd_names VALUES (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, {'in ner': 'v0'}), (100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, NULL);

-- table: never_written
CREATE TABLE proof.never_written (id BIGINT, s VARCHAR) PARTITIONED BY (bucket(4, id));
