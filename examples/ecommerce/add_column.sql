-- The shop begins to note where an order came from. Files written before know nothing of it and are
-- not touched: their orders have NULL there.
ALTER TABLE bronze.orders ADD COLUMN channel VARCHAR;

INSERT INTO bronze.orders BY NAME
SELECT 9000000003 AS order_id, 3 AS customer_id, 3 AS product_id, 1 AS quantity,
  30.00::DECIMAL(10,2) AS unit_price, 0 AS discount_percent,
  TIMESTAMP '2025-12-31 12:00:00' AS order_date, 'pending' AS status, 'card' AS payment_method,
  now() AS ingested_at, 'valid' AS data_quality_flag, 'mobile' AS channel;
