"""What the dossier looks like beyond the pages of runs and cohorts, on the screen and on paper."""

STYLE = """
.facts{font-size:12px;color:#4a545c;margin:0 0 8px}
.short{border:1px solid #d5dbe0;padding:4px 16px 10px;margin:12px 0}.short h2{border:0;margin:8px 0 0}
.short h3{margin:10px 0 2px}.short ul{margin:2px 0;padding-left:20px}
nav ol{columns:2;margin:4px 0;padding-left:22px}nav a{color:#1b5e9b}
.card-text{border-left:4px solid #d5dbe0;padding-left:14px;font-size:13px}
.card-text h4{font-size:15px;margin:12px 0 4px}.card-text h5,.card-text h6{font-size:13px;margin:10px 0 2px}
.matrix td.needs{background:#fde0d6}.matrix td.disturbed{background:#e3e4f6}
.matrix td.ignores{background:#e4efe4}.matrix td.self{color:#78828a}
.matrix td,.matrix th{padding-right:14px;border-bottom:1px solid #e3e7ea}
.key span{padding:1px 8px;margin-right:6px}.key .needs{background:#fde0d6}.key .disturbed{background:#e3e4f6}
.key .ignores{background:#e4efe4}
td:first-child{white-space:nowrap}.card-text code{overflow-wrap:normal}
@media print{img{max-height:82mm}h4,h5,h6{break-after:avoid}
.short,.cards>*{break-inside:avoid}.cards{grid-template-columns:repeat(4,1fr);gap:8px}
.card{padding:5px;font-size:8pt}.card img{max-height:44mm}.card-text{font-size:8.5pt}nav{break-inside:avoid}
.totals div{padding:4px 10px;min-width:70px}.totals strong{font-size:16pt}}
"""
