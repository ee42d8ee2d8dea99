-- The key figures as one JSON object, kpi_report.json.
COPY (
  SELECT
    (SELECT sum(revenue) FROM gold.daily_sales) AS total_revenue,
    (SELECT CAST(sum(orders) AS BIGINT) FROM gold.daily_sales) AS total_orders,
    (SELECT round(sum(revenue) / sum(orders), 2) FROM gold.daily_sales) AS avg_order_value,
    (SELECT count(*) FROM gold.customer_metrics) AS total_customers,
    (SELECT list({'region': region, 'orders': orders, 'revenue': revenue} ORDER BY region)
     FROM gold.regional_sales) AS regions,
    (SELECT list({'product': product_name, 'revenue': revenue} ORDER BY revenue DESC, product_id)
     FROM (FROM gold.product_performance ORDER BY revenue DESC, product_id LIMIT 5))
      AS top_products,
    (SELECT list({'flag': data_quality_flag, 'orders': orders} ORDER BY data_quality_flag)
     FROM (SELECT data_quality_flag, count(*) AS orders FROM bronze.orders GROUP BY 1))
      AS bronze_orders
) TO 'kpi_report.json' (FORMAT json);
