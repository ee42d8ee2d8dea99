-- December as a broken exporter sends it: the first week twice, delays in seconds instead of
-- minutes, and carriers it could not look up left empty.
INSERT INTO bronze.flights BY NAME
WITH december AS (
  SELECT *
  FROM read_csv('data/flights.csv', header = true, nullstr = 'NA', columns = {
    'year': 'INTEGER', 'month': 'INTEGER', 'day': 'INTEGER', 'dep_time': 'INTEGER',
    'sched_dep_time': 'INTEGER', 'dep_delay': 'INTEGER', 'arr_time': 'INTEGER',
    'sched_arr_time': 'INTEGER', 'arr_delay': 'INTEGER', 'carrier': 'VARCHAR', 'flight': 'INTEGER',
    'tailnum': 'VARCHAR', 'origin': 'VARCHAR', 'dest': 'VARCHAR', 'air_time': 'INTEGER',
    'distance': 'INTEGER', 'hour': 'INTEGER', 'minute': 'INTEGER', 'time_hour': 'TIMESTAMPTZ'})
  WHERE month = 12
)
SELECT
  make_date(year, month, day) AS flight_date,
  dep_time, sched_dep_time, dep_delay * 60 AS dep_delay, arr_time, sched_arr_time,
  arr_delay * 60 AS arr_delay, nullif(carrier, 'HA') AS carrier, flight,
  tailnum, origin, dest, air_time, distance, hour, minute, time_hour,
  now() AS ingested_at,
  CASE
    WHEN dep_time IS NULL THEN 'cancelled'
    WHEN arr_delay IS NULL THEN 'no_arrival'
    ELSE 'valid'
  END AS data_quality_flag
FROM (FROM december UNION ALL FROM december WHERE day <= 7);
