-- The five documents of the benchmark of reads, written by hand for PostgreSQL. Parts between @names are shared.

-- @facility
(SELECT (SELECT row_to_json(_) FROM (SELECT 'Facility_' || f.id AS id, f.name, f.kind, f.ownership, f.operating_mode AS "operatingMode",
  f.address, f.contact_phone AS "contactPhone", f.established_on AS "establishedOn") _) FROM facility f WHERE f.id = :id)

-- @territory
(SELECT d.id FROM division d JOIN division t ON d.path BETWEEN t.path AND t.path || '~' WHERE t.id = :city)

-- @facilities_where
(f.established_on IS NULL OR f.established_on <= :today) AND (f.closed_on IS NULL OR f.closed_on > :today) AND f.division_id IN @territory

-- @facilities
(SELECT json_build_object(
  'totalCount', (SELECT count(*) FROM facility f WHERE @facilities_where),
  'pageInfo', json_build_object('hasNextPage', coalesce(max(total), 0) > @size, 'endCursor', max(CASE WHEN n = least(total, @size) THEN cursor END)),
  'edges', coalesce(json_agg((SELECT row_to_json(_) FROM (SELECT cursor, node) _) ORDER BY n) FILTER (WHERE n <= @size), '[]'))
 FROM (SELECT row_number() OVER (ORDER BY name, id) AS n, count(*) OVER () AS total,
    encode(convert_to(json_build_array('0ae5ac49', name, id)::text, 'UTF8'), 'hex') AS cursor,
    (SELECT row_to_json(_) FROM (SELECT 'Facility_' || f.id AS id, f.name, f.kind,
      (SELECT (SELECT row_to_json(_) FROM (SELECT v.name, (SELECT (SELECT row_to_json(_) FROM (SELECT u.name) _)
        FROM division u WHERE u.id = v.parent_id) AS parent) _) FROM division v WHERE v.id = f.division_id) AS division,
      (SELECT json_build_object('nodes', coalesce(json_agg((SELECT row_to_json(_) FROM (SELECT c.bed_type AS "bedType", c.open) _)
        ORDER BY c.bed_type, c.valid_from, c.id), '[]')) FROM (SELECT * FROM capacity_period c WHERE c.facility_id = f.id AND c.valid_from <= :today
        AND (c.valid_to IS NULL OR c.valid_to > :today) ORDER BY c.bed_type, c.valid_from, c.id LIMIT 50) c) AS capacity,
      (SELECT count(*) FROM stay s WHERE s.facility_id = f.id AND s.admitted_on <= :today AND (s.discharged_on IS NULL OR s.discharged_on > :today)
        AND s.bed_type IN @institutional) AS residents) _) AS node
  FROM (SELECT f.id, f.name, f.kind, f.division_id FROM facility f WHERE @facilities_where ORDER BY f.name, f.id LIMIT @size + 1) f) x)

-- @people
(SELECT json_build_object(
  'pageInfo', json_build_object('hasNextPage', coalesce(max(total), 0) > 500, 'endCursor', max(CASE WHEN n = least(total, 500) THEN
    encode(convert_to(json_build_array('afff5790', birth_date, id)::text, 'UTF8'), 'hex') END)),
  'nodes', coalesce(json_agg(node ORDER BY n) FILTER (WHERE n <= 500), '[]'))
 FROM (SELECT row_number() OVER (ORDER BY birth_date, id) AS n, count(*) OVER () AS total, birth_date, id,
    (SELECT row_to_json(_) FROM (SELECT 'Person_' || p.id AS id, p.name, p.birth_date AS "birthDate", p.sex,
      p.marital_status AS "maritalStatus", p.education, p.quality, p.version,
      (SELECT json_build_object('nodes', coalesce(json_agg((SELECT row_to_json(_) FROM (SELECT m.category, m.valid_from AS "validFrom") _)
        ORDER BY m.category, m.valid_from, m.id), '[]')) FROM (SELECT * FROM group_membership m WHERE m.person_id = p.id AND m.valid_from <= :today
        AND (m.valid_to IS NULL OR m.valid_to > :today) ORDER BY m.category, m.valid_from, m.id LIMIT 50) m) AS memberships) _) AS node
  FROM (SELECT p.id, p.name, p.birth_date, p.sex, p.marital_status, p.education, p.quality, p.version FROM person p WHERE EXISTS (SELECT 1 FROM residence r
    WHERE r.person_id = p.id AND r.valid_from <= :today AND (r.valid_to IS NULL OR r.valid_to > :today) AND r.division_id IN @territory)
    ORDER BY p.birth_date, p.id LIMIT 501) p) x)

-- @counts
(SELECT coalesce(json_agg((SELECT row_to_json(_) FROM (SELECT category, band AS "ageBand", people) _) ORDER BY category, band), '[]')
 FROM (SELECT category, CASE WHEN age < 60 THEN '0-59' WHEN age >= 100 THEN '100+' ELSE (age / 5 * 5) || '-' || (age / 5 * 5 + 4) END AS band,
    count(DISTINCT person_id) AS people
  FROM (SELECT m.category, m.person_id, (to_char(:today, 'YYYYMMDD')::int - to_char(p.birth_date, 'YYYYMMDD')::int) / 10000 AS age
    FROM group_membership m JOIN person p ON p.id = m.person_id
    WHERE m.status IN ('EFFECTIVE', 'REVIEW_DUE') AND m.valid_from <= :today AND (m.valid_to IS NULL OR m.valid_to > :today)
    AND EXISTS (SELECT 1 FROM residence r WHERE r.person_id = m.person_id AND r.valid_from <= :today
      AND (r.valid_to IS NULL OR r.valid_to > :today) AND r.division_id IN @territory)) y GROUP BY 1, 2) x)

-- @division
(SELECT (SELECT row_to_json(_) FROM (SELECT v.code, v.name, v.level, (SELECT json_build_object('nodes', coalesce(json_agg(
    (SELECT row_to_json(_) FROM (SELECT k.code, k.name) _) ORDER BY k.path, k.id), '[]')) FROM (SELECT * FROM division k WHERE k.parent_id = v.id
    AND k.valid_from <= :today AND (k.valid_to IS NULL OR k.valid_to > :today) ORDER BY k.path, k.id LIMIT 50) k) AS children) _)
 FROM division v WHERE v.id = :city)

-- by id
SELECT json_build_object('facility', @facility)
-- page of 50
SELECT json_build_object('facilities', @facilities)
-- 500 people
SELECT json_build_object('people', @people)
-- group counts
SELECT json_build_object('groupMembershipSummary', @counts)
-- dashboard
SELECT json_build_object('facility', @facility, 'facilities', @facilities, 'groupMembershipSummary', @counts, 'division', @division)
