-- An old query, which knows nothing of columns that came after it.
SELECT origin, count(*) AS flights, sum(arr_delay) AS delay, count(wind_speed) AS with_wind
FROM silver.flights AT (VERSION => 'year_2013')
WHERE arr_delay > 60
GROUP BY origin
ORDER BY origin
