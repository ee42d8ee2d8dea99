-- Two orders that reached the shop after the report was made.
INSERT INTO bronze.orders BY NAME
SELECT * FROM (VALUES
  (9000000001, 1, 1, 2, 10.00::DECIMAL(10,2), 0, TIMESTAMP '2025-12-30 10:00:00', 'completed', 'card',
   now(), 'valid'),
  (9000000002, 2, 2, 1, 20.00::DECIMAL(10,2), 5, TIMESTAMP '2025-12-31 11:00:00', 'shipped', 'paypal',
   now(), 'valid')
) AS late(order_id, customer_id, product_id, quantity, unit_price, discount_percent, order_date, status,
          payment_method, ingested_at, data_quality_flag);
