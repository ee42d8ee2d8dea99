-- Every transform on every type it takes; NULLs, and moments before 1970, in each.

-- table: by_identity
CREATE TABLE proof.by_identity (id BIGINT, b BOOLEAN, i INTEGER, l BIGINT, dt DATE, tm TIME, ts TIMESTAMP, tz TIMESTAMPTZ,
  s VARCHAR, u UUID, bn BLOB, d9 DECIMAL(9,2), d38 DECIMAL(38,10)) PARTITIONED BY (b, i, l, dt, tm, ts, tz, s, u, bn, d9, d38);
INSERT INTO proof.by_identity VALUES
  (1, true, 7, -7, '1969-12-31', '23:59:59.999999', '1969-12-31 23:59:59.999999', '1969-12-31 23:59:59.999999+00', 'a/b=c%d e', 'f79c3e09-677c-4bbd-a479-3f349cb785e7', '\x00\xFF', -0.01, -1.0000000001),
  (2, false, -7, 7, '2024-02-29', '00:00:00', '2024-02-29 00:00:00', '2024-02-29 00:00:00+00', 'żółć 日本', '80000000-0000-0000-0000-000000000001', 'plain', 9999999.99, 9999999999999999999999999999.9999999999),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (4, true, 7, -7, '1969-12-31', '23:59:59.999999', '1969-12-31 23:59:59.999999', '1969-12-31 23:59:59.999999+00', 'a/b=c%d e', 'f79c3e09-677c-4bbd-a479-3f349cb785e7', '\x00\xFF', -0.01, -1.0000000001),
  (5, false, 0, 0, '1970-01-01', '12:00:00', '1970-01-01 00:00:00', '1970-01-01 00:00:00+00', '', '00000000-0000-0000-0000-000000000000', '', 0, 0);

-- table: by_float
CREATE TABLE proof.by_float (id BIGINT, f FLOAT, d DOUBLE) PARTITIONED BY (f, d);
INSERT INTO proof.by_float VALUES (1, 1.5, -2.5), (2, 'nan', 'inf'), (3, NULL, '-inf'), (4, 0.1, 0.1), (5, 'nan', 'inf');

-- table: by_bucket
CREATE TABLE proof.by_bucket (id BIGINT, i INTEGER, l BIGINT, dt DATE, tm TIME, ts TIMESTAMP, tz TIMESTAMPTZ, s VARCHAR, u UUID, bn BLOB,
  d9 DECIMAL(9,2), d38 DECIMAL(38,10))
  PARTITIONED BY (bucket(7, i), bucket(7, l), bucket(7, dt), bucket(7, tm), bucket(7, ts), bucket(7, tz), bucket(7, s), bucket(7, u), bucket(7, bn), bucket(7, d9), bucket(7, d38));
INSERT INTO proof.by_bucket VALUES
  (1, 34, 34, '2017-11-16', '22:31:08', '2017-11-16 22:31:08', '2017-11-16 22:31:08+00', 'iceberg', 'f79c3e09-677c-4bbd-a479-3f349cb785e7', '\x00\x01\x02\x03', 14.20, -14.2000000000),
  (2, -2147483648, -9223372036854775808, '1969-12-31', '23:59:59.999999', '1969-12-31 23:59:59.999999', '1969-12-31 23:59:59.999999+00', 'żółć 🚀', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '\xFF', -9999999.99, 9999999999999999999999999999.9999999999),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (4, 0, 0, '1970-01-01', '00:00:00', '1970-01-01', '1970-01-01 00:00:00+00', '', '00000000-0000-0000-0000-000000000000', '', 0, 0),
  (5, 128, 40000000000, '0001-01-01', '01:02:03.000004', '0001-01-01 00:00:00.000001', '9999-12-31 00:00:00+00', 'a text longer than sixteen bytes', '00112233-4455-6677-8899-aabbccddeeff', 'more than sixteen bytes of it', 1.28, 340282366920938463463.3746074317);

-- table: by_truncate
CREATE TABLE proof.by_truncate (id BIGINT, i INTEGER, l BIGINT, s VARCHAR, bn BLOB, d9 DECIMAL(9,2), d38 DECIMAL(38,10))
  PARTITIONED BY (truncate(10, i), truncate(1000, l), truncate(3, s), truncate(2, bn), truncate(50, d9), truncate(7, d38));
INSERT INTO proof.by_truncate VALUES
  (1, 1, 1, 'iceberg', '\x00\x01\x02', 10.65, 1.0000000001), (2, -1, -1, 'żółć', '\xFF', -0.05, -0.0000000001),
  (3, NULL, NULL, NULL, NULL, NULL, NULL), (4, 2147483647, 9223372036854775807, '🚀🚀🚀🚀', '', 9999999.99, 9999999999999999999999999999.9999999999),
  (5, -10, -1000, 'ab', '\x00\x01', 0.00, 0), (6, -11, -1001, '', '\x00', -10.65, -1.0000000007);

-- table: by_time
CREATE TABLE proof.by_time (id BIGINT, dy DATE, dm DATE, dd DATE, ty TIMESTAMP, tm TIMESTAMP, td TIMESTAMP, th TIMESTAMP,
  zy TIMESTAMPTZ, zm TIMESTAMPTZ, zd TIMESTAMPTZ, zh TIMESTAMPTZ)
  PARTITIONED BY (year(dy), month(dm), day(dd), year(ty), month(tm), day(td), hour(th), year(zy), month(zm), day(zd), hour(zh));
INSERT INTO proof.by_time SELECT i, d, d, d, t, t, t, t, z, z, z, z FROM (VALUES
  (1, DATE '1969-12-31', TIMESTAMP '1969-12-31 23:59:59.999999', TIMESTAMPTZ '1969-12-31 23:59:59.999999+00'),
  (2, DATE '1970-01-01', TIMESTAMP '1970-01-01 00:00:00', TIMESTAMPTZ '1970-01-01 00:00:00+00'),
  (3, DATE '1582-10-10', TIMESTAMP '1582-10-10 12:00:00', TIMESTAMPTZ '1900-03-01 00:00:00+00'),
  (4, DATE '2024-02-29', TIMESTAMP '2024-02-29 23:30:00', TIMESTAMPTZ '2024-02-29 23:30:00-05'),
  (5, DATE '9999-12-31', TIMESTAMP '9999-12-31 23:59:59.999999', TIMESTAMPTZ '9999-12-31 23:59:59.999999+00'),
  (6, NULL, NULL, NULL)) v(i, d, t, z);

-- table: mixed
CREATE TABLE proof.mixed (id BIGINT, ts TIMESTAMP, category VARCHAR, s VARCHAR, amount DECIMAL(9,2))
  PARTITIONED BY (day(ts), bucket(16, id), truncate(4, s), category);
INSERT INTO proof.mixed SELECT i, CASE WHEN i % 11 = 7 THEN NULL ELSE TIMESTAMP '2023-12-31 20:15:30.25' + to_hours(5 * i) END,
  CASE i % 5 WHEN 0 THEN NULL WHEN 1 THEN 'ü/=% x' ELSE 'c' || (i % 5) END, 'string ' || (i % 3), (i * 12345 % 100000) / 100 FROM range(40) t(i);
INSERT INTO proof.mixed VALUES (1000, NULL, NULL, NULL, NULL);

-- table: spec_evolution
CREATE TABLE proof.spec_evolution (id BIGINT, ts TIMESTAMP, category VARCHAR);
INSERT INTO proof.spec_evolution SELECT i, TIMESTAMP '2024-01-30' + to_hours(i * 9), 'c' || (i % 2) FROM range(5) t(i);
ALTER TABLE proof.spec_evolution SET PARTITIONED BY (bucket(3, id));
INSERT INTO proof.spec_evolution SELECT i, TIMESTAMP '2024-01-30' + to_hours(i * 9), 'c' || (i % 2) FROM range(5, 10) t(i);
ALTER TABLE proof.spec_evolution SET PARTITIONED BY (month(ts), category);
INSERT INTO proof.spec_evolution SELECT i, TIMESTAMP '2024-01-30' + to_hours(i * 9), 'c' || (i % 2) FROM range(10, 15) t(i);
DELETE FROM proof.spec_evolution WHERE id IN (1, 6, 11);
ALTER TABLE proof.spec_evolution SET PARTITIONED BY (bucket(3, id));
INSERT INTO proof.spec_evolution VALUES (100, NULL, NULL);
