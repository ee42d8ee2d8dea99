-- Flights that arrived, with names, the plane's age and the weather at departure. What is not known
-- (four airports, a sixth of the planes, some hours of weather) is NULL, not lost.
CREATE SCHEMA IF NOT EXISTS silver;

CREATE OR REPLACE TABLE silver.flights PARTITIONED BY (month(flight_date)) AS
SELECT
  f.flight_date,
  f.time_hour,
  f.hour AS departure_hour,
  f.carrier,
  l.name AS airline,
  f.flight,
  f.tailnum,
  2013 - p.year AS plane_age,
  f.origin,
  o.name AS origin_name,
  f.dest,
  d.name AS dest_name,
  f.distance,
  f.air_time,
  f.dep_delay,
  f.arr_delay,
  w.temp AS temperature,
  CASE WHEN w.data_quality_flag <> 'implausible_wind' THEN w.wind_speed END AS wind_speed,
  w.precip AS precipitation,
  w.visib AS visibility
FROM bronze.flights AS f
JOIN bronze.airlines AS l ON l.carrier = f.carrier
LEFT JOIN bronze.airports AS o ON o.faa = f.origin
LEFT JOIN bronze.airports AS d ON d.faa = f.dest
LEFT JOIN bronze.planes AS p ON p.tailnum = f.tailnum
LEFT JOIN bronze.weather AS w ON w.origin = f.origin AND w.time_hour = f.time_hour
WHERE f.data_quality_flag = 'valid';
