-- The answers people ask for. All four tables change at the same instant.
CREATE SCHEMA IF NOT EXISTS gold;

BEGIN;

CREATE OR REPLACE TABLE gold.delays_by_carrier AS
SELECT
  carrier,
  any_value(airline) AS airline,
  count(*) AS flights,
  CAST(sum(arr_delay) AS BIGINT) AS arrival_delay_minutes,
  round(avg(arr_delay), 2) AS mean_arrival_delay,
  round(100.0 * count(*) FILTER (arr_delay > 15) / count(*), 1) AS late_percent
FROM silver.flights
GROUP BY carrier
ORDER BY mean_arrival_delay DESC;

CREATE OR REPLACE TABLE gold.delays_by_route AS
SELECT
  origin,
  dest,
  any_value(dest_name) AS destination,
  count(*) AS flights,
  round(avg(arr_delay), 2) AS mean_arrival_delay,
  round(100.0 * count(*) FILTER (arr_delay > 15) / count(*), 1) AS late_percent
FROM silver.flights
GROUP BY origin, dest
ORDER BY flights DESC;

CREATE OR REPLACE TABLE gold.delays_by_hour AS
SELECT
  departure_hour,
  count(*) AS flights,
  round(avg(dep_delay), 2) AS mean_departure_delay,
  round(100.0 * count(*) FILTER (dep_delay > 15) / count(*), 1) AS late_percent
FROM silver.flights
GROUP BY departure_hour
ORDER BY departure_hour;

CREATE OR REPLACE TABLE gold.weather_effect AS
SELECT
  weather,
  count(*) AS flights,
  round(avg(dep_delay), 2) AS mean_departure_delay,
  round(100.0 * count(*) FILTER (dep_delay > 15) / count(*), 1) AS late_percent
FROM (
  SELECT
    dep_delay,
    CASE
      WHEN visibility IS NULL THEN 'not known'
      WHEN visibility < 2 THEN 'fog'
      WHEN precipitation >= 0.1 THEN 'heavy rain or snow'
      WHEN precipitation > 0 THEN 'rain or snow'
      WHEN wind_speed > 25 THEN 'strong wind'
      ELSE 'fair'
    END AS weather
  FROM silver.flights
)
GROUP BY weather
ORDER BY mean_departure_delay DESC;

COMMIT;
