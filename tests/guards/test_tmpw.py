import time, pytest, json
from collections import Counter
pytestmark=pytest.mark.django_db
def test_w():
    from tests.guards.routes_world import build_world
    from tests.guards import routes_asking as R
    w=build_world()
    vs=R.everybody(w)
    t=time.time()
    out={}
    for line in R.lines_of(R.routes()):
        out[str(line)]={}
        for role,v in vs.items():
            a=v.ask(line,w.here); o=R.outcome(a)
            out[str(line)][role]=(o,a.status_code)
            leak=R.told_of(a,w.away)
            if leak: print("LEAK own",role,line,a.status_code,leak)
            if o=="broken": print("BROKEN",role,line,repr(a.exc_info[1]) if getattr(a,'exc_info',None) else '')
    json.dump(out,open("/tmp/out.json","w"),ensure_ascii=False,indent=0)
    print("own",time.time()-t); t=time.time()
    for line in R.lines_of(R.routes()):
        if "<" not in line.route or line.route in R.OPEN_API: continue
        for role,v in vs.items():
            for c in (w.away,)+((w.next_door,) if role in ("stairwell_head","volunteer","volunteer_free","technician","newcomer") else ()):
                if c is w.next_door and line.values(w,c,role)==line.values(w,w.here,role): continue
                a=v.ask(line,c); o=R.outcome(a)
                if o not in("gone","sign-in","no-token"): print("FOREIGN",role,line,c.mark,a.status_code)
                leak=R.told_of(a,c)
                if leak and not line.route[:2] in("r/","q/"): print("LEAK for",role,line,a.status_code,leak)
    print("foreign",time.time()-t)
