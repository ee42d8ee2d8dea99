-- Two orders that reached the shop after the report was made.
INSERT INTO bronze.orders BY NAME
SELECT
  order_id, customer_id, product_id, quantity, CAST(unit_price AS DECIMAL(10,2)) AS unit_price,
  discount_percent, order_date, status, payment_method, now() AS ingested_at,
  'valid' AS data_quality_flag
FROM (VALUES
  (9000000001, 1, 1, 2, 10.00, 0, TIMESTAMP '2025-12-30 10:00:00', 'completed', 'card'),
  (9000000002, 2, 2, 1, 20.00, 5, TIMESTAMP '2025-12-31 11:00:00', 'shipped', 'paypal')
) AS late(order_id, customer_id, product_id, quantity, unit_price, discount_percent, order_date,
          status, payment_method);
