-- The files as they are into bronze, each row with the moment it came and a flag that says what is
-- odd about it. Flights of January to November; December comes later, as a batch of its own.
CREATE SCHEMA IF NOT EXISTS bronze;

CREATE OR REPLACE TABLE bronze.airlines AS
SELECT *, now() AS ingested_at FROM read_csv('data/airlines.csv', header = true);

CREATE OR REPLACE TABLE bronze.airports AS
SELECT *, now() AS ingested_at
FROM read_csv('data/airports.csv', header = true, nullstr = ['NA', '\N']);

CREATE OR REPLACE TABLE bronze.planes AS
SELECT *, now() AS ingested_at FROM read_csv('data/planes.csv', header = true, nullstr = 'NA');

CREATE OR REPLACE TABLE bronze.weather PARTITIONED BY (origin) AS
SELECT
  *,
  now() AS ingested_at,
  CASE
    WHEN wind_speed > 200 THEN 'implausible_wind'
    WHEN temp IS NULL THEN 'missing_temperature'
    ELSE 'valid'
  END AS data_quality_flag
FROM read_csv('data/weather.csv', header = true, nullstr = 'NA');

CREATE OR REPLACE TABLE bronze.flights PARTITIONED BY (month(flight_date)) AS
SELECT
  make_date(year, month, day) AS flight_date,
  dep_time, sched_dep_time, dep_delay, arr_time, sched_arr_time, arr_delay, carrier, flight,
  tailnum, origin, dest, air_time, distance, hour, minute, time_hour,
  now() AS ingested_at,
  CASE
    WHEN dep_time IS NULL THEN 'cancelled'
    WHEN arr_delay IS NULL THEN 'no_arrival'
    ELSE 'valid'
  END AS data_quality_flag
FROM read_csv('data/flights.csv', header = true, nullstr = 'NA', columns = {
  'year': 'INTEGER', 'month': 'INTEGER', 'day': 'INTEGER', 'dep_time': 'INTEGER',
  'sched_dep_time': 'INTEGER', 'dep_delay': 'INTEGER', 'arr_time': 'INTEGER',
  'sched_arr_time': 'INTEGER', 'arr_delay': 'INTEGER', 'carrier': 'VARCHAR', 'flight': 'INTEGER',
  'tailnum': 'VARCHAR', 'origin': 'VARCHAR', 'dest': 'VARCHAR', 'air_time': 'INTEGER',
  'distance': 'INTEGER', 'hour': 'INTEGER', 'minute': 'INTEGER', 'time_hour': 'TIMESTAMPTZ'})
WHERE month <= 11;
