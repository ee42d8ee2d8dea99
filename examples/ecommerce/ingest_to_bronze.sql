-- Raw files into bronze: every row is kept as it came, with the moment it came and a flag that says
-- what is wrong with it. Run in the directory that holds data/.
CREATE SCHEMA IF NOT EXISTS bronze;

CREATE OR REPLACE TABLE bronze.customers AS
SELECT
  *,
  now() AS ingested_at,
  CASE WHEN email IS NULL THEN 'missing_email' ELSE 'valid' END AS data_quality_flag
FROM read_csv('data/customers.csv', header = true, columns = {
  'customer_id': 'BIGINT', 'name': 'VARCHAR', 'email': 'VARCHAR', 'city': 'VARCHAR',
  'region': 'VARCHAR', 'segment': 'VARCHAR', 'signup_date': 'DATE'});

CREATE OR REPLACE TABLE bronze.products PARTITIONED BY (category) AS
SELECT
  *,
  now() AS ingested_at,
  CASE WHEN list_price IS NULL OR list_price <= 0 THEN 'bad_price' ELSE 'valid' END
    AS data_quality_flag
FROM read_csv('data/products.csv', header = true, columns = {
  'product_id': 'BIGINT', 'name': 'VARCHAR', 'category': 'VARCHAR',
  'list_price': 'DECIMAL(10,2)', 'cost': 'DECIMAL(10,2)'});

CREATE OR REPLACE TABLE bronze.orders PARTITIONED BY (day(order_date)) AS
SELECT
  *,
  now() AS ingested_at,
  CASE
    WHEN customer_id IS NULL THEN 'missing_customer'
    WHEN unit_price IS NULL THEN 'missing_price'
    WHEN unit_price < 0 THEN 'negative_price'
    WHEN quantity <= 0 THEN 'bad_quantity'
    WHEN status NOT IN ('completed', 'shipped', 'pending', 'cancelled') THEN 'bad_status'
    WHEN product_id NOT IN (SELECT product_id FROM bronze.products) THEN 'unknown_product'
    ELSE 'valid'
  END AS data_quality_flag
FROM read_csv('data/orders.csv', header = true, columns = {
  'order_id': 'BIGINT', 'customer_id': 'BIGINT', 'product_id': 'BIGINT', 'quantity': 'INTEGER',
  'unit_price': 'DECIMAL(10,2)', 'discount_percent': 'INTEGER', 'order_date': 'TIMESTAMP',
  'status': 'VARCHAR', 'payment_method': 'VARCHAR'});
