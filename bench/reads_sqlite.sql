-- The five documents of the benchmark of reads, written by hand for SQLite. Parts between @names are shared.

-- @facility
(SELECT json_object('id', 'Facility_' || f.id, 'name', f.name, 'kind', f.kind, 'ownership', f.ownership, 'operatingMode', f.operating_mode,
  'address', f.address, 'contactPhone', f.contact_phone, 'establishedOn', f.established_on) FROM facility f WHERE f.id = :id)

-- @territory
(SELECT d.id FROM division d JOIN division t ON d.path BETWEEN t.path AND t.path || '~' WHERE t.id = :city)

-- @facilities_where
(f.established_on IS NULL OR f.established_on <= :today) AND (f.closed_on IS NULL OR f.closed_on > :today) AND f.division_id IN @territory

-- @facilities
(SELECT json_object(
  'totalCount', (SELECT count(*) FROM facility f WHERE @facilities_where),
  'pageInfo', json_object('hasNextPage', json(CASE WHEN coalesce(max(total), 0) > @size THEN 'true' ELSE 'false' END),
    'endCursor', max(CASE WHEN n = min(total, @size) THEN cursor END)),
  'edges', json_group_array(json_object('cursor', cursor, 'node', json(node))) FILTER (WHERE n <= @size))
 FROM (SELECT row_number() OVER (ORDER BY name, id) AS n, count(*) OVER () AS total, lower(hex(json_array('0ae5ac49', name, id))) AS cursor,
    json_object('id', 'Facility_' || f.id, 'name', f.name, 'kind', f.kind,
      'division', json((SELECT json_object('name', v.name, 'parent', json((SELECT json_object('name', u.name) FROM division u WHERE u.id = v.parent_id)))
        FROM division v WHERE v.id = f.division_id)),
      'capacity', json((SELECT json_object('nodes', json_group_array(json_object('bedType', c.bed_type, 'open', c.open))) FROM
        (SELECT * FROM capacity_period c WHERE c.facility_id = f.id AND c.valid_from <= :today AND (c.valid_to IS NULL OR c.valid_to > :today)
        ORDER BY c.bed_type, c.valid_from, c.id LIMIT 50) c)),
      'residents', (SELECT count(*) FROM stay s WHERE s.facility_id = f.id AND s.admitted_on <= :today
        AND (s.discharged_on IS NULL OR s.discharged_on > :today) AND s.bed_type IN @institutional)) AS node
  FROM (SELECT f.id, f.name, f.kind, f.division_id FROM facility f WHERE @facilities_where ORDER BY f.name, f.id LIMIT @size + 1) f ORDER BY n) x)

-- @people
(SELECT json_object(
  'pageInfo', json_object('hasNextPage', json(CASE WHEN coalesce(max(total), 0) > 500 THEN 'true' ELSE 'false' END),
    'endCursor', max(CASE WHEN n = min(total, 500) THEN lower(hex(json_array('afff5790', birth_date, id))) END)),
  'nodes', json_group_array(json(node)) FILTER (WHERE n <= 500))
 FROM (SELECT row_number() OVER (ORDER BY birth_date, id) AS n, count(*) OVER () AS total, birth_date, id,
    json_object('id', 'Person_' || p.id, 'name', p.name, 'birthDate', p.birth_date, 'sex', p.sex, 'maritalStatus', p.marital_status,
      'education', p.education, 'quality', p.quality, 'version', p.version,
      'memberships', json((SELECT json_object('nodes', json_group_array(json_object('category', m.category, 'validFrom', m.valid_from))) FROM
        (SELECT * FROM group_membership m WHERE m.person_id = p.id AND m.valid_from <= :today AND (m.valid_to IS NULL OR m.valid_to > :today)
        ORDER BY m.category, m.valid_from, m.id LIMIT 50) m))) AS node
  FROM (SELECT p.id, p.name, p.birth_date, p.sex, p.marital_status, p.education, p.quality, p.version FROM person p WHERE EXISTS (SELECT 1 FROM residence r
    WHERE r.person_id = p.id AND r.valid_from <= :today AND (r.valid_to IS NULL OR r.valid_to > :today) AND r.division_id IN @territory)
    ORDER BY p.birth_date, p.id LIMIT 501) p ORDER BY n) x)

-- @counts
(SELECT json_group_array(json_object('category', category, 'ageBand', band, 'people', people))
 FROM (SELECT category, CASE WHEN age < 60 THEN '0-59' WHEN age >= 100 THEN '100+' ELSE (age / 5 * 5) || '-' || (age / 5 * 5 + 4) END AS band,
    count(DISTINCT person_id) AS people
  FROM (SELECT m.category, m.person_id,
      (CAST(strftime('%Y%m%d', :today) AS INTEGER) - CAST(strftime('%Y%m%d', p.birth_date) AS INTEGER)) / 10000 AS age
    FROM group_membership m JOIN person p ON p.id = m.person_id
    WHERE m.status IN ('EFFECTIVE', 'REVIEW_DUE') AND m.valid_from <= :today AND (m.valid_to IS NULL OR m.valid_to > :today)
    AND EXISTS (SELECT 1 FROM residence r WHERE r.person_id = m.person_id AND r.valid_from <= :today
      AND (r.valid_to IS NULL OR r.valid_to > :today) AND r.division_id IN @territory)) y GROUP BY 1, 2 ORDER BY 1, 2) x)

-- @division
(SELECT json_object('code', v.code, 'name', v.name, 'level', v.level, 'children', json((SELECT json_object('nodes',
    json_group_array(json_object('code', k.code, 'name', k.name))) FROM (SELECT * FROM division k WHERE k.parent_id = v.id
    AND k.valid_from <= :today AND (k.valid_to IS NULL OR k.valid_to > :today) ORDER BY k.path, k.id LIMIT 50) k)))
 FROM division v WHERE v.id = :city)

-- by id
SELECT json_object('facility', json(@facility))
-- page of 50
SELECT json_object('facilities', json(@facilities))
-- 500 people
SELECT json_object('people', json(@people))
-- group counts
SELECT json_object('groupMembershipSummary', json(@counts))
-- dashboard
SELECT json_object('facility', json(@facility), 'facilities', json(@facilities), 'groupMembershipSummary', json(@counts), 'division', json(@division))
