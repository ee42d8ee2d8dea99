-- What people ask for, computed once. All four tables become visible at the same instant.
CREATE SCHEMA IF NOT EXISTS gold;

BEGIN;

CREATE OR REPLACE TABLE gold.daily_sales AS
SELECT
  order_day,
  count(*) AS orders,
  count(DISTINCT customer_id) AS customers,
  CAST(sum(quantity) AS BIGINT) AS items,
  CAST(sum(revenue) AS DECIMAL(20,4)) AS revenue,
  CAST(sum(revenue - cost) AS DECIMAL(20,4)) AS margin
FROM silver.orders_enriched
GROUP BY order_day
ORDER BY order_day;

CREATE OR REPLACE TABLE gold.customer_metrics AS
SELECT
  customer_id,
  any_value(customer_name) AS customer_name,
  any_value(region) AS region,
  any_value(segment) AS segment,
  count(*) AS orders,
  CAST(sum(revenue) AS DECIMAL(20,4)) AS revenue,
  min(order_day) AS first_order,
  max(order_day) AS last_order
FROM silver.orders_enriched
GROUP BY customer_id;

CREATE OR REPLACE TABLE gold.product_performance AS
SELECT
  product_id,
  any_value(product_name) AS product_name,
  any_value(category) AS category,
  count(*) AS orders,
  CAST(sum(quantity) AS BIGINT) AS items,
  CAST(sum(revenue) AS DECIMAL(20,4)) AS revenue,
  CAST(sum(revenue - cost) AS DECIMAL(20,4)) AS margin
FROM silver.orders_enriched
GROUP BY product_id;

CREATE OR REPLACE TABLE gold.regional_sales AS
SELECT
  region,
  count(*) AS orders,
  count(DISTINCT customer_id) AS customers,
  CAST(sum(revenue) AS DECIMAL(20,4)) AS revenue
FROM silver.orders_enriched
GROUP BY region
ORDER BY region;

COMMIT;
