-- One row for each rule: how many rows break it, and which share may.
CREATE SCHEMA IF NOT EXISTS quality;

CREATE OR REPLACE TABLE quality.results AS
WITH rules AS (
  SELECT 'a flight is there once' AS rule, 0.0 AS share_max,
    count(*) - count(DISTINCT (flight_date, carrier, flight, origin, dest, sched_dep_time))
      AS broken,
    count(*) AS total
  FROM bronze.flights
  UNION ALL
  SELECT 'carrier is known', 0.0, count(*) FILTER (a.carrier IS NULL), count(*)
  FROM bronze.flights AS f LEFT JOIN bronze.airlines AS a USING (carrier)
  UNION ALL
  SELECT 'origin is known', 0.0, count(*) FILTER (a.faa IS NULL), count(*)
  FROM bronze.flights AS f LEFT JOIN bronze.airports AS a ON f.origin = a.faa
  UNION ALL
  -- Four airports of the Caribbean are not in the list.
  SELECT 'destination is known', 0.03, count(*) FILTER (a.faa IS NULL), count(*)
  FROM bronze.flights AS f LEFT JOIN bronze.airports AS a ON f.dest = a.faa
  UNION ALL
  SELECT 'plane is known', 0.20, count(*) FILTER (p.tailnum IS NULL), count(*)
  FROM bronze.flights AS f LEFT JOIN bronze.planes AS p USING (tailnum)
  UNION ALL
  SELECT 'departure delay is plausible', 0.0,
    count(*) FILTER (dep_delay NOT BETWEEN -120 AND 1800), count(*) FROM bronze.flights
  UNION ALL
  SELECT 'arrival delay is plausible', 0.0,
    count(*) FILTER (arr_delay NOT BETWEEN -120 AND 1800), count(*) FROM bronze.flights
  UNION ALL
  SELECT 'flight_date is in 2013', 0.0,
    count(*) FILTER (flight_date NOT BETWEEN '2013-01-01' AND '2013-12-31'), count(*)
  FROM bronze.flights
  UNION ALL
  SELECT 'at most one flight in twenty is cancelled', 0.05,
    count(*) FILTER (data_quality_flag = 'cancelled'), count(*) FROM bronze.flights
  UNION ALL
  SELECT 'an hour of weather is there once', 0.0,
    count(*) - count(DISTINCT (origin, time_hour)), count(*) FROM bronze.weather
  UNION ALL
  SELECT 'wind is plausible', 0.001,
    count(*) FILTER (data_quality_flag = 'implausible_wind'), count(*) FROM bronze.weather
)
SELECT rule, broken, total, share_max, broken <= share_max * total AS passed, now() AS checked_at
FROM rules;
