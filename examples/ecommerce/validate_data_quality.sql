-- One row for each rule: how many rows break it, and how many may. The runner stops the pipeline
-- when a rule is broken more often than that.
CREATE SCHEMA IF NOT EXISTS quality;

CREATE OR REPLACE TABLE quality.results AS
WITH rules AS (
  SELECT 'orders.order_id is unique' AS rule, 0.0 AS share_max,
    count(*) - count(DISTINCT order_id) AS broken, count(*) AS total FROM bronze.orders
  UNION ALL
  SELECT 'orders.order_date is there', 0.0,
    count(*) FILTER (order_date IS NULL), count(*) FROM bronze.orders
  UNION ALL
  SELECT 'orders.order_date is in 2025', 0.0,
    count(*) FILTER (order_date NOT BETWEEN '2025-01-01' AND '2025-12-31 23:59:59'), count(*)
  FROM bronze.orders
  UNION ALL
  SELECT 'orders.customer_id is there', 0.05,
    count(*) FILTER (customer_id IS NULL), count(*) FROM bronze.orders
  UNION ALL
  SELECT 'orders.unit_price is there', 0.05,
    count(*) FILTER (unit_price IS NULL), count(*) FROM bronze.orders
  UNION ALL
  SELECT 'orders.unit_price is not negative', 0.05,
    count(*) FILTER (unit_price < 0), count(*) FROM bronze.orders
  UNION ALL
  SELECT 'orders.quantity is positive', 0.05,
    count(*) FILTER (quantity <= 0), count(*) FROM bronze.orders
  UNION ALL
  SELECT 'orders.status is known', 0.05,
    count(*) FILTER (status NOT IN ('completed', 'shipped', 'pending', 'cancelled')), count(*)
  FROM bronze.orders
  UNION ALL
  SELECT 'orders.product_id is known', 0.05,
    count(*) FILTER (p.product_id IS NULL), count(*)
  FROM bronze.orders AS o LEFT JOIN bronze.products AS p USING (product_id)
  UNION ALL
  SELECT 'orders.customer_id is known', 0.0,
    count(*) FILTER (c.customer_id IS NULL), count(*)
  FROM bronze.orders AS o LEFT JOIN bronze.customers AS c USING (customer_id)
  WHERE o.customer_id IS NOT NULL
  UNION ALL
  SELECT 'customers.email is there', 0.05,
    count(*) FILTER (email IS NULL), count(*) FROM bronze.customers
  UNION ALL
  SELECT 'products.list_price covers cost', 0.0,
    count(*) FILTER (list_price < cost), count(*) FROM bronze.products
)
SELECT
  rule,
  broken,
  total,
  share_max,
  broken <= share_max * total AS passed,
  now() AS checked_at
FROM rules;
