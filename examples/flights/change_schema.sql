-- A new column, filled for every flight, and a better name for an old one. Columns are known by
-- their ids, so files written before are read as they are.
ALTER TABLE silver.flights ADD COLUMN on_time BOOLEAN;

UPDATE silver.flights SET on_time = arr_delay <= 15;

ALTER TABLE silver.flights RENAME COLUMN wind_speed TO wind_speed_mph;
