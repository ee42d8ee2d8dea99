-- An old query: written before anybody thought of late orders or channels.
SELECT status, count(*) AS orders, sum(quantity * unit_price) AS amount
FROM bronze.orders AT (VERSION => 'report_2025')
GROUP BY status
ORDER BY status
