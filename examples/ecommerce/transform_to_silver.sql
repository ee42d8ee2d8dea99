-- Valid orders with their customer and product; cancelled ones are dropped. Money stays decimal, so
-- that every sum is exact to the last digit.
CREATE SCHEMA IF NOT EXISTS silver;

CREATE OR REPLACE TABLE silver.orders_enriched PARTITIONED BY (order_year, order_month) AS
SELECT
  o.order_id,
  o.order_date,
  o.status,
  o.payment_method,
  o.customer_id,
  c.name AS customer_name,
  c.city,
  c.region,
  c.segment,
  o.product_id,
  p.name AS product_name,
  p.category,
  o.quantity,
  o.unit_price,
  o.discount_percent,
  CAST(o.quantity * o.unit_price * (100 - o.discount_percent) * 0.01 AS DECIMAL(18,4)) AS revenue,
  CAST(o.quantity * p.cost AS DECIMAL(18,4)) AS cost,
  CAST(o.order_date AS DATE) AS order_day,
  CAST(year(o.order_date) AS INTEGER) AS order_year,
  CAST(month(o.order_date) AS INTEGER) AS order_month
FROM bronze.orders AS o
JOIN bronze.customers AS c USING (customer_id)
JOIN bronze.products AS p USING (product_id)
WHERE o.data_quality_flag = 'valid' AND o.status <> 'cancelled';
